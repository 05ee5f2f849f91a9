package dev.checkedraft.spec.run;

import dev.checkedraft.spec.manifest.SpecFiles;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Finds the jar that TLC is in. */
final class Tla2Tools {
    /** Names a tla2tools.jar to use in place of ours. */
    static final String PROPERTY = "raft.tla2tools";

    private static final String TLC = "tlc2/TLC.class";

    private Tla2Tools() {}

    /**
     * The jar: the given one, or that of the system property {@value #PROPERTY}, or the one on this JVM's class path. No
     * class of it is loaded, since TLC keeps global state.
     *
     * @throws IOException if there is none, or TLC is not in it
     */
    static Path find(@Nullable Path given) throws IOException {
        String property = System.getProperty(PROPERTY);
        if (given != null) {
            return checked(given);
        } else if (property != null) {
            return checked(Path.of(property));
        }
        URL url = ClassLoader.getSystemResource(TLC);
        if (url == null || !url.getProtocol().equals("jar")) {
            throw new NoSuchFileException("tla2tools.jar", null, "TLC is in no jar on the class path");
        }
        String jar = url.getPath();
        return SpecFiles.path(new URL(jar.substring(0, jar.indexOf("!/"))));
    }

    private static Path checked(Path jar) throws IOException {
        if (!Files.isRegularFile(jar)) {
            throw new NoSuchFileException(jar.toString(), null, "no such tla2tools.jar");
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.getEntry(TLC) == null) {
                throw new IOException(jar + ": TLC is not in it");
            }
        }
        return jar.toAbsolutePath();
    }
}
