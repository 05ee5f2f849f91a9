package dev.checkedraft.spec.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The manifest of the models, in its order.
 *
 * @param all the models that a user may ask for
 * @param soundness the comparisons that show that the models' reductions leave nothing out
 */
public record Models(List<Model> all, List<Soundness> soundness) {
    public Models {
        all = List.copyOf(all);
        soundness = List.copyOf(soundness);
    }

    /**
     * Two models of the same bounds that print the servers of each state they reach, after the word "servers": both must
     * print the same.
     *
     * @param full the model without the reductions
     * @param reduced the model with them
     * @param servers the number of different states of the servers
     */
    public record Soundness(String name, Model full, Model reduced, long servers) {
        /** Whether every build compares them. */
        public boolean build() {
            return full.build();
        }

        static Soundness of(Json json) throws IOException {
            String name = json.string("name");
            return new Soundness(
                    name,
                    model(json, name + "-full", json.object("full")),
                    model(json, name + "-reduced", json.object("reduced")),
                    json.number("servers").orElse(-1));
        }

        private static Model model(Json json, String name, Json files) throws IOException {
            return new Model(
                    name,
                    files.string("module"),
                    files.string("config"),
                    Model.Mode.CHECK,
                    Model.Kind.SOUNDNESS,
                    json.string("about"),
                    json.bool("build", true),
                    Model.Expectation.ok(),
                    List.of());
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it cannot be read, has an error or no model; one line, with the place
     */
    public static Models read(Path file) throws IOException {
        List<Model> models = new ArrayList<>();
        List<Soundness> soundness = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Json manifest = Json.read(file);
        for (Json json : manifest.objects("models")) {
            Model model = Model.of(json);
            if (!names.add(model.name())) {
                throw new IOException(file + ": two models are called " + model.name());
            }
            models.add(model);
        }
        if (models.isEmpty()) {
            throw new IOException(file + ": no models");
        }
        for (Model model : models) {
            if (model.then().isPresent() && !names.contains(model.then().get())) {
                throw new IOException(file + ": after " + model.name() + " comes "
                        + model.then().get() + ", which is no model");
            }
        }
        for (Json json : manifest.has("soundness") ? manifest.objects("soundness") : List.<Json>of()) {
            soundness.add(Soundness.of(json));
        }
        return new Models(models, soundness);
    }

    public Optional<Model> find(String name) {
        return all.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /** The model that is checked after this one, if this one holds. */
    public Optional<Model> after(Model model) {
        return model.then().flatMap(this::find);
    }
}
