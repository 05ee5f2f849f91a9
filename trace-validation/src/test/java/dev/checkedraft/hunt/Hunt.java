package dev.checkedraft.hunt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Casts a net over a planted core. */
final class Hunt {
    private Hunt() {}

    /** Has {@link Nets}, loaded together with a core, hunt. */
    static Catch cast(ClassLoader core, String net, Object... arguments) {
        try {
            for (Method method : core.loadClass(Nets.class.getName()).getMethods()) {
                if (method.getName().equals(net)) {
                    List<?> result = (List<?>) method.invoke(null, arguments);
                    return new Catch(
                            (Boolean) result.get(0),
                            (Long) result.get(1),
                            (Double) result.get(2),
                            (Integer) result.get(3),
                            (String) result.get(4));
                }
            }
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(net + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalArgumentException("no net is called " + net);
    }

    /** Runs the core's own tests against planted cores, in a JVM of its own; the catches by the folders' names. */
    static Map<String, Catch> tests(Path tests, List<Path> cores) throws IOException, InterruptedException {
        Map<String, Catch> caught = new HashMap<>();
        while (caught.size() < cores.size()) {
            int before = caught.size();
            String noise = runTests(tests, cores.subList(before, cores.size()), caught);
            if (caught.size() == before) {
                throw new IllegalStateException("the core's tests did not run: " + noise);
            }
        }
        return caught;
    }

    private static String runTests(Path tests, List<Path> cores, Map<String, Catch> caught)
            throws IOException, InterruptedException {
        Path home = Path.of("target", "planted", "work");
        Files.createDirectories(home.resolve("target"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                CoreSuite.class.getName(),
                tests.toAbsolutePath().toString()));
        cores.forEach(core -> command.add(core.toAbsolutePath().toString()));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        StringBuilder noise = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                List<String> part = List.of(line.split("\t", -1));
                if (part.get(0).equals("HUNT") && part.size() == 6) {
                    long failed = Long.parseLong(part.get(2));
                    long all = Long.parseLong(part.get(3));
                    double seconds = Double.parseDouble(part.get(4));
                    caught.put(part.get(1), new Catch(failed > 0, failed > 0 ? failed : all, seconds, 0, part.get(5)));
                } else {
                    noise.append(line).append('\n');
                }
            }
        }
        process.waitFor();
        return noise.toString();
    }
}
