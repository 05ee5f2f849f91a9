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
 * Runs the core's own tests against planted cores, in a JVM of its own, class by class up to the first in which one
 * fails: the arguments are the folder of the tests' classes, then those of the cores. A line of output a core: its
 * name, failed tests, tests, seconds, the first that failed. A test that does not come to an end has failed, and ends
 * the JVM: the cores after it are for another one.
 */
final class CoreSuite {
    private CoreSuite() {}

    /** Runs the tests. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Launcher launcher = LauncherFactory.create();
        for (int k = 1; k < args.length; k++) {
            Path core = Path.of(args[k]);
            ClassLoader loader = PlantedCore.loader(core, folder);
            Thread.currentThread().setContextClassLoader(loader);
            long start = System.nanoTime();
            long tests = 0;
            TestExecutionSummary summary = null;
            for (DiscoverySelector selector : classes(folder, loader)) {
                summary = execute(launcher, selector);
                tests += summary.getTestsStartedCount();
                if (summary.getTestsFailedCount() > 0) {
                    break;
                }
            }
            List<TestExecutionSummary.Failure> failures = summary.getFailures();
            System.out.printf(
                    Locale.ROOT,
                    "HUNT\t%s\t%d\t%d\t%.3f\t%s%n",
                    core.getFileName(),
                    failures.size(),
                    tests,
                    (System.nanoTime() - start) / 1e9,
                    failures.isEmpty()
                            ? ""
                            : failures.get(0).getTestIdentifier().getDisplayName());
            if (failures.stream().anyMatch(f -> f.getException() instanceof TimeoutException)) {
                System.exit(1);
            }
        }
        System.exit(0);
    }

    private static TestExecutionSummary execute(Launcher launcher, DiscoverySelector selector) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selector)
                .configurationParameter("jqwik.tries.default", "200")
                .configurationParameter("junit.jupiter.execution.timeout.default", "20 s")
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(request, listener);
        return listener.getSummary();
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
