package dev.checkedraft.report;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files so that each is there as a whole or as it was before. */
public final class WholeFile {
    private WholeFile() {}

    /** What goes into a file. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file anew. The content goes into a file beside it, NAME.new, which takes its place once complete; but straight
     * to what is no ordinary file, such as a pipe.
     */
    public static void write(Path file, Content content) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            writeTo(file, file, content);
            return;
        }
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path next = target.resolveSibling(target.getFileName() + ".new");
        try {
            writeTo(next, file, content);
            Files.move(next, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(file.toString(), null, "or directory");
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void writeTo(Path into, Path named, Content content) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(into))) {
            content.writeTo(out);
        } catch (FileSystemException e) {
            throw e; // a place where there can be no such file, and that was named by whoever runs this
        } catch (IOException e) {
            throw new Unwritable(named.toString(), e);
        } catch (UncheckedIOException e) {
            throw new Unwritable(named.toString(), e.getCause());
        }
    }
}
