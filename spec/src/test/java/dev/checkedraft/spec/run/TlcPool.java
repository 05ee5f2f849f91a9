package dev.checkedraft.spec.run;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs TLC several times at once, each with one worker, in the order of the tests that wait for them. On two cores that
 * beats one TLC with two workers: most runs are short, and a JVM's start is not parallel.
 */
final class TlcPool {
    private static final int AT_ONCE = 2;

    private TlcPool() {}

    /** What to do with the result of a run. */
    interface Verdict<R> {
        void check(R result) throws Exception;
    }

    /**
     * A test for each item, which runs it and checks the result.
     *
     * @param name an item's name, which is the test's
     * @param run called in threads of their own, at most two at a time
     * @param verdict called by the test
     */
    static <T, R> Stream<DynamicTest> test(
            List<T> items, Function<T, String> name, Function<T, Callable<R>> run, Function<T, Verdict<R>> verdict) {
        ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
        List<DynamicTest> tests = items.stream()
                .map(item -> {
                    Future<R> result = executor.submit(run.apply(item));
                    return DynamicTest.dynamicTest(
                            name.apply(item), () -> verdict.apply(item).check(resultOf(result)));
                })
                .toList();
        executor.shutdown();
        return tests.stream();
    }

    private static <R> R resultOf(Future<R> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
