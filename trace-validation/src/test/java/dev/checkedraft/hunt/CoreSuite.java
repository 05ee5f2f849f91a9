package dev.checkedraft.hunt;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the core's own tests against planted cores, in a JVM of its own: the arguments are the folder of the tests' classes, then
 * those of the cores. A line of output a core: its name, failed tests, tests, seconds, the first that failed. A test that does
 * not come to an end has failed, and ends the JVM: the cores after it are for another one.
 */
final class CoreSuite {
    private CoreSuite() {}

    /** Runs the tests. */
    public static void main(String[] args) throws Exception {
        Path tests = Path.of(args[0]);
        Launcher launcher = LauncherFactory.create();
        for (int k = 1; k < args.length; k++) {
            Path core = Path.of(args[k]);
            ClassLoader loader = PlantedCore.loader(core, tests);
            Thread.currentThread().setContextClassLoader(loader);
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(classes(tests, loader))
                    .configurationParameter("jqwik.tries.default", "200")
                    .configurationParameter("junit.jupiter.execution.timeout.default", "20 s")
                    .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                    .build();
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            long start = System.nanoTime();
            launcher.execute(request, listener);
            TestExecutionSummary summary = listener.getSummary();
            String first = summary.getFailures().isEmpty()
                    ? ""
                    : summary.getFailures().get(0).getTestIdentifier().getDisplayName();
            System.out.printf(
                    Locale.ROOT,
                    "HUNT\t%s\t%d\t%d\t%.3f\t%s%n",
                    core.getFileName(),
                    summary.getTestsFailedCount(),
                    summary.getTestsStartedCount(),
                    (System.nanoTime() - start) / 1e9,
                    first);
            if (summary.getFailures().stream().anyMatch(f -> f.getException() instanceof TimeoutException)) {
                System.exit(1);
            }
        }
        System.exit(0);
    }

    private static List<DiscoverySelector> classes(Path tests, ClassLoader loader) throws Exception {
        List<DiscoverySelector> selectors = new ArrayList<>();
        try (Stream<Path> files = Files.walk(tests)) {
            for (Path file : files.filter(f -> f.toString().endsWith("Test.class"))
                    .sorted()
                    .toList()) {
                String name = tests.relativize(file)
                        .toString()
                        .replace(".class", "")
                        .replace(java.io.File.separatorChar, '.');
                selectors.add(selectClass(loader.loadClass(name)));
            }
        }
        return selectors;
    }
}
