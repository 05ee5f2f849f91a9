package dev.checkedraft.bench;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * One thread's tasks, first come, first served, and its timers. Nothing waits: when no task is left, time jumps to the next
 * timer.
 */
final class Loop {
    /** Reading the clock costs as much as a short task, so it is read once in so many. */
    private static final int TASKS_BETWEEN_READINGS = 64;

    /** Over so much time, in which there is nothing to do but wait, an election and many heartbeats would have come. */
    private static final long LONGEST_JUMPS = TimeUnit.MINUTES.toNanos(2);

    private record Timer(long at, long number, Runnable task) {}

    private final LongSupplier nanos;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private long numbered = 0;
    private long jumped = 0;
    private long now;

    /** A loop by a clock in nanoseconds that never goes back. */
    Loop(LongSupplier nanos) {
        this.nanos = nanos;
        this.now = nanos.getAsLong();
    }

    void execute(Runnable task) {
        tasks.add(task);
    }

    void schedule(Runnable task, long delay, TimeUnit unit) {
        timers.add(new Timer(now + unit.toNanos(delay), numbered++, task));
    }

    long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(now);
    }

    /** Runs tasks and due timers until {@code done} holds. */
    void runUntil(BooleanSupplier done) {
        long jumpedBefore = jumped;
        for (int k = 1; !done.getAsBoolean(); k++) {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
            if (task == null || k % TASKS_BETWEEN_READINGS == 0) {
                runDueTimers(task == null);
            }
            if (jumped - jumpedBefore > LONGEST_JUMPS) {
                throw new IllegalStateException("what was waited for has not come, and only timers are left");
            }
        }
    }

    private void runDueTimers(boolean idle) {
        now = nanos.getAsLong() + jumped;
        Timer next = timers.peek();
        if (idle && next == null) {
            throw new IllegalStateException("no task and no timer is left, and what was waited for has not come");
        }
        if (idle && next.at > now) {
            jumped += next.at - now;
            now = next.at;
        }
        while (next != null && next.at <= now) {
            timers.remove();
            tasks.add(next.task);
            next = timers.peek();
        }
    }
}
