package dev.checkedraft.spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The manifest of the models, in its order. */
public record Models(List<Model> all) {
    public Models {
        all = List.copyOf(all);
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it cannot be read, has an error or no model; one line, with the place
     */
    public static Models read(Path file) throws IOException {
        List<Model> models = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Json json : Json.read(file).objects("models")) {
            Model model = Model.of(json);
            if (!names.add(model.name())) {
                throw new IOException(file + ": two models are called " + model.name());
            }
            models.add(model);
        }
        if (models.isEmpty()) {
            throw new IOException(file + ": no models");
        }
        return new Models(models);
    }

    public Optional<Model> find(String name) {
        return all.stream().filter(model -> model.name().equals(name)).findFirst();
    }
}
