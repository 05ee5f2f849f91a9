package dev.checkedraft.spec.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What runs in TLC's own JVM: TLC, and two threads beside it. One says on standard error how far TLC is, more often than
 * the once a minute that TLC does; the other ends the JVM when standard input ends, which it does when the JVM that
 * started this one is gone.
 *
 * <p>Arguments: the class whose main method is to run, and that method's arguments. Uses nothing of this package.
 */
final class TlcMain {
    /** What a line of progress starts with; then states generated, distinct, on the queue, and depth. */
    static final String PROGRESS = "@progress ";

    private static final int EXIT_ORPHANED = 137;
    private static final long INTERVAL_MILLIS = 500;

    private TlcMain() {}

    @SuppressWarnings("nullness:argument") // a static method is invoked on null
    public static void main(String[] arguments) throws Exception {
        daemon("orphan", TlcMain::awaitEndOfInput);
        daemon("progress", TlcMain::sayProgress);
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            System.err.println(e.getCause());
            System.exit(1);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever said.
            }
        } catch (IOException e) {
            // As if it had ended.
        }
        Runtime.getRuntime().halt(EXIT_ORPHANED);
    }

    private static void sayProgress() {
        try {
            ObjectName bean = new ObjectName("tlc2.tool:type=ModelChecker");
            while (true) {
                Thread.sleep(INTERVAL_MILLIS);
                MBeanServer server = ManagementFactory.getPlatformMBeanServer();
                // Not before TLC has read the spec, and not in a simulation.
                if (server.isRegistered(bean)) {
                    System.err.println(PROGRESS
                            + server.getAttribute(bean, "StatesGenerated") + " "
                            + server.getAttribute(bean, "DistinctStatesGenerated") + " "
                            + server.getAttribute(bean, "StateQueueSize") + " "
                            + server.getAttribute(bean, "Progress"));
                }
            }
        } catch (InterruptedException | JMException | RuntimeException e) {
            // No progress then; TLC goes on.
        }
    }
}
