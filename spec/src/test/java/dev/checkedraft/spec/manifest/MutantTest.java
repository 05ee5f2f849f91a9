package dev.checkedraft.spec.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.run.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MutantTest {
    @TempDir
    private Path directory;

    @Test
    void changesItsCopyAndNothingElse() throws IOException {
        SpecFiles files = Tiny.files();
        String before = Files.readString(files.find("Ping.tla"));
        SpecFiles copy = mutant("forgets").apply(files, directory);
        String after = Files.readString(copy.find("Ping.tla"));
        assertEquals(before, Files.readString(files.find("Ping.tla")));
        assertEquals(before.replace("![i] = m.term]", "![i] = m.term - 1]"), after);
        assertTrue(copy.find("invariant.cfg").startsWith(directory));
    }

    /** A change that no longer fits the spec must not pass for one that was caught. */
    @ParameterizedTest
    @CsvSource({
        "absent, 'mutant absent: Ping.tla does not have the text to replace: no such text'",
        "twice, 'mutant twice: Ping.tla has the text to replace more than once: UNCHANGED messages'",
        "elsewhere, 'mutant elsewhere: there is no Pong.tla'"
    })
    void mustFitExactlyOnce(String id, String message) {
        IOException error = assertThrows(IOException.class, () -> mutant(id).apply(Tiny.files(), directory));
        assertEquals(message, error.getMessage());
    }

    @Test
    void expectsItsPropertyToFailAndAControlNoneTo() throws IOException {
        assertEquals("Small", mutant("forgets").model().expect().property().orElseThrow());
        assertTrue(mutant("forgets").model().expect().violation());
        assertTrue(!mutant("harmless").model().expect().violation());
    }

    private static Mutant mutant(String id) throws IOException {
        return Tiny.files().mutants().find(id).orElseThrow();
    }
}
