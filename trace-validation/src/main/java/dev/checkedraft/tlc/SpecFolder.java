package dev.checkedraft.tlc;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import util.SimpleFilenameToStream;

/**
 * Finds modules and configurations in one folder, and nowhere else first. TLC's own search begins in the directory that the
 * user happens to be in; and it unpacks the standard modules into the temporary directory that all JVMs share, and removes them
 * at exit, so that two JVMs can take them away from each other.
 */
public final class SpecFolder extends SimpleFilenameToStream {
    private static final String STANDARD_MODULES = "/tla2sany/StandardModules/";

    private final Path folder;

    public SpecFolder(Path folder) {
        super(folder.toString());
        this.folder = folder;
    }

    @Override
    public File resolve(String name, boolean isModule) {
        String file = isModule && !name.endsWith(".tla") ? name + ".tla" : name;
        Path here = folder.resolve(file);
        boolean isStandard = false;
        if (isModule && !Files.exists(here)) {
            try (InputStream in = SimpleFilenameToStream.class.getResourceAsStream(STANDARD_MODULES + file)) {
                if (in != null) {
                    Files.copy(in, here);
                    isStandard = true;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Files.exists(here) ? new TLAFile(here.toString(), isStandard, this) : super.resolve(name, isModule);
    }
}
