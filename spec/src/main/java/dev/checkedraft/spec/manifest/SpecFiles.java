package dev.checkedraft.spec.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The spec's files in a directory: the modules at its top, the models under {@code models} and the mutants under
 * {@code mutants}. The files are also packaged beside this class, so a jar of it is enough.
 */
public final class SpecFiles {
    private static final String RESOURCES = "dev/checkedraft/spec/tla";
    private static final List<String> FOLDERS = List.of("models", "mutants", "proof");

    private final Path root;

    private SpecFiles(Path root) {
        this.root = root;
    }

    /** The files of a directory: a checkout of the project's {@code spec}, or a copy of it. */
    public static SpecFiles in(Path directory) {
        return new SpecFiles(directory.toAbsolutePath().normalize());
    }

    /**
     * The packaged files, in a new temporary directory that is deleted when this JVM ends.
     *
     * @throws IOException if they cannot be read or written, or there are none
     */
    public static SpecFiles extract() throws IOException {
        Path directory = Cleanup.temporaryDirectory("spec");
        extractTo(directory);
        return in(directory);
    }

    /**
     * Writes the packaged files into a directory, over files of the same names.
     *
     * @throws IOException if they cannot be read or written, or there are none
     */
    public static void extractTo(Path directory) throws IOException {
        Path home = codeSource(SpecFiles.class);
        if (Files.isDirectory(home)) {
            copyTree(home.resolve(RESOURCES), directory);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(home)) {
                copyTree(jar.getPath(RESOURCES), directory);
            }
        }
    }

    /** The directory. */
    public Path root() {
        return root;
    }

    /** The directories that have modules and configurations, for TLC to search: the top, and what is under the others. */
    public List<Path> folders() {
        List<Path> folders = new ArrayList<>(List.of(root));
        for (String folder : FOLDERS) {
            try (Stream<Path> paths = Files.walk(root.resolve(folder))) {
                paths.filter(Files::isDirectory).sorted().forEach(folders::add);
            } catch (IOException | UncheckedIOException e) {
                // A spec need not have it.
            }
        }
        return folders;
    }

    /** The manifest of the models, read anew. */
    public Models models() throws IOException {
        return Models.read(root.resolve("models/models.json"));
    }

    /** The manifest of the mutants, read anew. */
    public Mutants mutants() throws IOException {
        return mutants("mutants.json");
    }

    /** Another manifest of mutants, by its name under {@code mutants}, read anew. */
    public Mutants mutants(String manifest) throws IOException {
        return Mutants.read(root.resolve("mutants").resolve(manifest));
    }

    /**
     * A file by its name, or by its path from the top.
     *
     * @throws NoSuchFileException if there is none in any folder
     */
    public Path find(String name) throws NoSuchFileException {
        for (Path folder : folders()) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new NoSuchFileException(name, null, "not in " + root + " nor its " + String.join(" and ", FOLDERS));
    }

    /**
     * Copies the files into a directory, over files of the same names.
     *
     * @return the copies
     */
    public SpecFiles copyTo(Path directory) throws IOException {
        for (Path folder : folders()) {
            Path target = directory.resolve(root.relativize(folder).toString());
            Files.createDirectories(target);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(
                            file,
                            target.resolve(folder.relativize(file).toString()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return in(directory);
    }

    /** The jar or directory that a class was loaded from. */
    public static Path codeSource(Class<?> of) {
        var source = of.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null) {
            throw new IllegalStateException("no code source for " + of);
        }
        return path(location);
    }

    /** The file that a {@code file:} URL means. */
    public static Path path(URL location) {
        try {
            return Path.of(new URI(location.toString().replace(" ", "%20")));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(location.toString(), e);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            throw new NoSuchFileException(from.toString(), null, "the spec's files are not packaged");
        }
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(target(directory));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target(file), StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }

            private Path target(Path path) {
                return to.resolve(from.relativize(path).toString());
            }
        });
    }
}
