package dev.checkedraft.hunt;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The Java core with a bug in it, compiled. */
final class PlantedCore {
    /** The sources of the core, as seen from this module's folder, where tests run. */
    private static final Path CORE = Path.of("..", "impl", "src", "main", "java", "dev", "checkedraft", "core");

    private static final Path CORE_TESTS = Path.of("..", "impl", "src", "test", "java", "dev", "checkedraft", "core");
    /** Of this JVM alone: another may be planting the same bug. */
    private static final Path OUTPUT =
            Path.of("target", "planted", Long.toString(ProcessHandle.current().pid()));

    private PlantedCore() {}

    /** Compiles the core with a bug in it; returns the folder of its classes. */
    static Path compile(Bug bug) throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        int edits = 0;
        for (Path file : javaFiles(CORE)) {
            String text = Files.readString(file);
            for (Bug.Edit edit : bug.edits()) {
                if (file.endsWith(edit.file())) {
                    text = edit.apply(text);
                    edits++;
                }
            }
            sources.add(new Source(file.toUri(), text));
        }
        if (edits != bug.edits().size()) {
            throw new IllegalArgumentException(bug.id() + " is to be planted in a file that is not there");
        }
        return compile(sources, OUTPUT.resolve(bug.id()));
    }

    /** Compiles the core's own tests; returns the folder of their classes. */
    static Path compileTests() throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        for (Path file : javaFiles(CORE_TESTS)) {
            sources.add(new Source(file.toUri(), Files.readString(file)));
        }
        return compile(sources, OUTPUT.resolve("tests"));
    }

    /** A loader of all classes of the project, with those of a folder in the place of their namesakes. */
    static ClassLoader loader(Path... folders) {
        return new PlantedLoader(List.of(folders));
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static Path compile(List<JavaFileObject> sources, Path output) throws IOException {
        Files.createDirectories(output);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-d", output.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none", "-nowarn");
            if (!compiler.getTask(errors, files, null, options, null, sources).call()) {
                throw new IllegalArgumentException(output.getFileName() + " does not compile:\n" + errors);
            }
        }
        return output;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(URI uri, String text) {
            super(uri, Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Loads the project's classes itself, so that they see each other, and leaves all others to the usual loader. */
    private static final class PlantedLoader extends ClassLoader {
        private static final String OWN = "dev.checkedraft.";

        static {
            registerAsParallelCapable();
        }

        private final List<Path> folders;

        PlantedLoader(List<Path> folders) {
            super(PlantedCore.class.getClassLoader());
            this.folders = folders;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OWN)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                byte[] bytes = bytes(name.replace('.', '/') + ".class");
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        @Override
        public String toString() {
            return folders.toString();
        }

        private byte[] bytes(String file) {
            try {
                for (Path folder : folders) {
                    if (Files.exists(folder.resolve(file))) {
                        return Files.readAllBytes(folder.resolve(file));
                    }
                }
                try (InputStream in = getParent().getResourceAsStream(file)) {
                    return in == null ? null : in.readAllBytes();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
