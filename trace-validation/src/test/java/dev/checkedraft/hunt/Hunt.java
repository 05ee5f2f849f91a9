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
                    if (Boolean.getBoolean("dbg")) System.err.println(core + " " + net + " " + result);
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
    static Map<String, Catch> tests(List<Path> cores) throws IOException, InterruptedException {
        Path home = Files.createDirectories(Path.of("target", "planted", "work"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TestRunner.class.getName(),
                PlantedCore.compileTests().toAbsolutePath().toString()));
        cores.forEach(core -> command.add(core.toAbsolutePath().toString()));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        Map<String, Catch> caught = new HashMap<>();
        StringBuilder noise = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] part = line.split("\t", -1);
                if (part[0].equals("HUNT") && part.length == 6) {
                    long failed = Long.parseLong(part[2]);
                    long all = Long.parseLong(part[3]);
                    caught.put(
                            part[1],
                            new Catch(
                                    failed > 0,
                                    failed > 0 ? failed : all,
                                    Double.parseDouble(part[4]),
                                    0,
                                    part[5]));
                } else {
                    noise.append(line).append('\n');
                }
            }
        }
        if (process.waitFor() != 0 || caught.size() != cores.size()) {
            throw new IllegalStateException("the core's tests did not run: " + noise);
        }
        return caught;
    }
}
