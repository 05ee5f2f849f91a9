package dev.checkedraft.translation;

import dev.checkedraft.proof.Proof;
import dev.checkedraft.spec.manifest.SpecFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The formulas on which the translator is held to TLC: what is proved, and those of Compared.tla. */
final class Compared {
    private static final Pattern OPERATOR = Pattern.compile("^(\\w+) ==", Pattern.MULTILINE);

    private static final List<String> KINDS = List.of("TypeOK", "MessagesOK", "HistoryOK");
    /** The operators that the proof names. */
    private static final Set<String> NAMED = Set.of("Agree", "Acked", "Chosen", "LostBy", "Ballots");

    private Compared() {}

    static Path folder() {
        return SpecFiles.in(Path.of("")).root();
    }

    private static Path module() {
        try {
            return Path.of(Compared.class.getResource("Compared.tla").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Spec spec(Translator.Factory translators) throws IOException {
        return spec(folder(), translators);
    }

    static Spec spec(Path folder, Translator.Factory translators) throws IOException {
        return new Spec(SpecTree.read(folder, module()), KINDS, NAMED, translators);
    }

    static Tlc tlc(int servers) throws IOException {
        return new Tlc(folder(), module(), servers);
    }

    static List<String> claims() throws IOException {
        return Proof.read(folder(), "RaftInduction").claims();
    }

    static List<String> formulas() throws IOException {
        List<String> names = new ArrayList<>(claims());
        Matcher matcher = OPERATOR.matcher(Files.readString(module()));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
