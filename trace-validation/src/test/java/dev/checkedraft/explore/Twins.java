package dev.checkedraft.explore;

import dev.checkedraft.core.Message;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** {@link Explorer} and its naive twin on the same core; takes and gives only what does not come from this project. */
public final class Twins {
    private static final int MOST_STATES = 200_000;

    private Twins() {}

    /**
     * Explores with both, until one finds a step that is not the spec's.
     *
     * @param bounds nodes, terms, entries, restarts
     * @return what the twin finds, what the explorer finds (both null if nothing), the states of the twin, how many states
     *     of the servers and how many steps of one each came to, and how many of these the other did not
     */
    public static List<Object> compare(List<Integer> bounds) {
        Bounds within = new Bounds(bounds.get(0), bounds.get(1), bounds.get(2), bounds.get(3));
        Recorder tried = new Recorder(new SpecStepCheck(within.servers()));
        PlainExplorer twin = new PlainExplorer(within, tried);
        if (!twin.run(MOST_STATES)) {
            throw new IllegalArgumentException("too large for a naive exploration: " + bounds);
        }
        Recorder triedToo = new Recorder(new SpecStepCheck(within.servers()));
        Set<List<NodeState>> servers = new HashSet<>();
        Exploration found = new Explorer(within, false, triedToo, servers::add).run(Long.MAX_VALUE, (s, t) -> {});
        return Arrays.asList(
                twin.violation(),
                found.violation(),
                twin.states(),
                servers.size(),
                triedToo.steps.size(),
                missing(twin.servers(), servers) + missing(servers, twin.servers()),
                missing(tried.steps, triedToo.steps) + missing(triedToo.steps, tried.steps));
    }

    private static long missing(Set<?> of, Set<?> in) {
        return of.stream().filter(it -> !in.contains(it)).count();
    }

    /** Remembers the steps that are held against the spec. */
    private static final class Recorder implements StepCheck {
        private final StepCheck check;
        private final Set<List<Object>> steps = new HashSet<>();

        Recorder(StepCheck check) {
            this.check = check;
        }

        @Override
        public @Nullable String mismatch(
                RaftNode before, @Nullable String value, @Nullable Message message, RaftNode after, Ready ready) {
            // A restart that loses nothing is a step to one and none to the other.
            if (ready.action() != null
                    && !(message == null && NodeState.of(before).equals(NodeState.of(after)))) {
                steps.add(List.of(NodeState.of(before), Objects.requireNonNullElse(message, ready.action())));
            }
            return check.mismatch(before, value, message, after, ready);
        }
    }
}
