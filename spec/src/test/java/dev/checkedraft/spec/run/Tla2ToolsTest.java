package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.result.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any tla2tools.jar will do: ours, one that an option names, or one that {@code -Draft.tla2tools} names. */
class Tla2ToolsTest {
    @TempDir
    private Path directory;

    /** Here a copy of ours stands for another one. */
    @Test
    void checksWithAnotherJar() throws Exception {
        Path another = another();
        CheckOptions options = Spec.briefOptions().withTla2tools(another);
        Model model = Tiny.model("ok");
        Path config = Tiny.files().find(model.config());
        TlcProcess.Command command =
                new ModelChecker(Tiny.files(), options).command(model, options, config, directory, directory);
        assertEquals(another, command.tla2tools());
        assertTrue(command.line().toString().contains(another.toString()), "not on the class path");
        assertEquals(
                new Outcome.Ok(),
                new ModelChecker(Tiny.files(), options).check(model).outcome());
    }

    @Test
    void theSystemPropertyNamesAnotherJarAndAnOptionOverrulesIt() throws Exception {
        Path another = another();
        Path ours = Tla2Tools.find(null);
        System.setProperty(Tla2Tools.PROPERTY, another.toString());
        try {
            assertEquals(another, Tla2Tools.find(null));
            assertEquals(ours, Tla2Tools.find(ours));
            System.setProperty(
                    Tla2Tools.PROPERTY, directory.resolve("nowhere.jar").toString());
            assertThrows(NoSuchFileException.class, () -> Tla2Tools.find(null));
        } finally {
            System.clearProperty(Tla2Tools.PROPERTY);
        }
    }

    @Test
    void saysThatAJarHasNoTlcInIt() throws Exception {
        Path jar = directory.resolve("empty.jar");
        new JarOutputStream(Files.newOutputStream(jar)).close();
        IOException error = assertThrows(IOException.class, () -> Tla2Tools.find(jar));
        assertEquals(jar + ": TLC is not in it", error.getMessage());
    }

    private Path another() throws IOException {
        return Files.copy(Tla2Tools.find(null), directory.resolve("another.jar"));
    }
}
