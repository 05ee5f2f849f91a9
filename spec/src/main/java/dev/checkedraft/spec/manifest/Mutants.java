package dev.checkedraft.spec.manifest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The manifest of the mutants, in its order. */
public record Mutants(List<Mutant> all) {
    public Mutants {
        all = List.copyOf(all);
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it cannot be read, has an error or no mutant; one line, with the place
     */
    public static Mutants read(Path file) throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Json json : Json.read(file).objects("mutants")) {
            Mutant mutant = Mutant.of(json);
            if (!ids.add(mutant.id())) {
                throw new IOException(file + ": two mutants are called " + mutant.id());
            }
            mutants.add(mutant);
        }
        if (mutants.isEmpty()) {
            throw new IOException(file + ": no mutants");
        }
        return new Mutants(mutants);
    }

    public Optional<Mutant> find(String id) {
        return all.stream().filter(mutant -> mutant.id().equals(id)).findFirst();
    }
}
