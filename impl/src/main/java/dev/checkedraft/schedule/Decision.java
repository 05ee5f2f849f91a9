package dev.checkedraft.schedule;

import java.util.List;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One thing that the scheduler, the network or the clients decide. A decision that does not apply (to tick a node that
 * is down, say) changes nothing, so a schedule stays one when other decisions are taken out of it. Nodes are numbers, 1
 * to {@value Nodes#MOST}.
 */
public sealed interface Decision {
    /** The line that stands for it in a schedule's text form. */
    String text();

    /** The node whose state it may change; 0 if none. */
    default int node() {
        return 0;
    }

    /** The message that it is about; null if none. */
    default @Nullable MessageRef message() {
        return null;
    }

    /** The same about another message; itself if it is about none. */
    default Decision about(MessageRef other) {
        return this;
    }

    /** The same on a cluster that lacks a node, where later ones move up; null if there it means nothing. */
    @Nullable
    Decision without(int missing);

    /** A decision that gives a node an input. */
    sealed interface Input extends Decision {
        /** The node that gets it. */
        @Override
        int node();

        @Override
        default Input about(MessageRef other) {
            return this;
        }

        @Override
        @Nullable
        Input without(int missing);
    }

    /** The node's clock ticks. */
    record Tick(int node) implements Input {
        public Tick {
            Nodes.check(node);
        }

        @Override
        public String text() {
            return "tick " + Nodes.name(node);
        }

        @Override
        public @Nullable Input without(int missing) {
            return node == missing ? null : new Tick(Nodes.without(node, missing));
        }
    }

    /** The node's election timeout ends, whatever its clock says. Not for a leader. */
    record Timeout(int node) implements Input {
        public Timeout {
            Nodes.check(node);
        }

        @Override
        public String text() {
            return "timeout " + Nodes.name(node);
        }

        @Override
        public @Nullable Input without(int missing) {
            return node == missing ? null : new Timeout(Nodes.without(node, missing));
        }
    }

    /** The node's heartbeat is due, whatever its clock says. Only for a leader. */
    record Heartbeat(int node) implements Input {
        public Heartbeat {
            Nodes.check(node);
        }

        @Override
        public String text() {
            return "heartbeat " + Nodes.name(node);
        }

        @Override
        public @Nullable Input without(int missing) {
            return node == missing ? null : new Heartbeat(Nodes.without(node, missing));
        }
    }

    /**
     * A client proposes a value. Only for a leader.
     *
     * @param value one word
     */
    record Propose(int node, String value) implements Input {
        public Propose {
            Nodes.check(node);
            if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == '#')) {
                throw new IllegalArgumentException("a value is one word without '#', not \"" + value + "\"");
            }
        }

        @Override
        public String text() {
            return "propose " + Nodes.name(node) + " " + value;
        }

        @Override
        public @Nullable Input without(int missing) {
            return node == missing ? null : new Propose(Nodes.without(node, missing), value);
        }
    }

    /**
     * A leader sends another node a slice of its log, as a correct leader with other flow control might: the spec's
     * SendAppendEntries, with all its freedom. Only for a leader whose log has the slice.
     *
     * @param to the node that it is for
     * @param after the index just before the slice, 0 or more
     * @param count how many entries, 0 or more
     * @param commit the commit index it tells, up to its own
     */
    record Send(int node, int to, long after, int count, long commit) implements Input {
        public Send {
            Nodes.check(node);
            Nodes.check(to);
            if (node == to) {
                throw new IllegalArgumentException(Nodes.name(node) + " has no link to itself");
            }
            if (after < 0 || count < 0 || commit < 0) {
                throw new IllegalArgumentException("a position in a log is not negative");
            }
        }

        @Override
        public String text() {
            return "send " + Nodes.name(node) + " " + Nodes.name(to) + " " + after + " " + count + " " + commit;
        }

        @Override
        public @Nullable Input without(int missing) {
            return node == missing || to == missing
                    ? null
                    : new Send(Nodes.without(node, missing), Nodes.without(to, missing), after, count, commit);
        }
    }

    /** A message arrives: in flight, or once more. Only over a link that is not cut, at a node that is up. */
    record Deliver(MessageRef message) implements Input {
        @Override
        public int node() {
            return message.to();
        }

        @Override
        public String text() {
            return "deliver " + message.text();
        }

        @Override
        public Input about(MessageRef other) {
            return new Deliver(other);
        }

        @Override
        public @Nullable Input without(int missing) {
            MessageRef left = message.without(missing);
            return left == null ? null : new Deliver(left);
        }
    }

    /**
     * A node crashes while it handles an input.
     *
     * @param input the input; if it does not apply, there is no crash
     * @param sent {@link #BEFORE_PERSISTING}: nothing was made durable, so it is as if the input had never come. Else
     *     all was made durable, and so many messages left before the crash: all if there are no more
     */
    record CrashDuring(Input input, int sent) implements Decision {
        @Override
        public int node() {
            return input.node();
        }

        /** The crash comes before anything is durable. */
        public static final int BEFORE_PERSISTING = -1;

        public CrashDuring {
            if (sent < BEFORE_PERSISTING) {
                throw new IllegalArgumentException(sent + " messages cannot be sent");
            }
        }

        @Override
        public String text() {
            return input.text()
                    + (sent == BEFORE_PERSISTING ? " crash-before-persisting" : " crash-after-sending " + sent);
        }

        @Override
        public @Nullable MessageRef message() {
            return input.message();
        }

        @Override
        public Decision about(MessageRef other) {
            return new CrashDuring(input.about(other), sent);
        }

        @Override
        public @Nullable Decision without(int missing) {
            Input left = input.without(missing);
            return left == null ? null : new CrashDuring(left, sent);
        }
    }

    /** A message in flight is lost. */
    record Drop(MessageRef message) implements Decision {
        @Override
        public String text() {
            return "drop " + message.text();
        }

        @Override
        public Decision about(MessageRef other) {
            return new Drop(other);
        }

        @Override
        public @Nullable Decision without(int missing) {
            MessageRef left = message.without(missing);
            return left == null ? null : new Drop(left);
        }
    }

    /** A message is in flight once more. */
    record Duplicate(MessageRef message) implements Decision {
        @Override
        public String text() {
            return "duplicate " + message.text();
        }

        @Override
        public Decision about(MessageRef other) {
            return new Duplicate(other);
        }

        @Override
        public @Nullable Decision without(int missing) {
            MessageRef left = message.without(missing);
            return left == null ? null : new Duplicate(left);
        }
    }

    /** Nothing gets through from one node to another; what is in flight stays there. */
    record Cut(int from, int to) implements Decision {
        public Cut {
            Nodes.check(from);
            Nodes.check(to);
        }

        @Override
        public String text() {
            return "cut " + Nodes.name(from) + " " + Nodes.name(to);
        }

        @Override
        public @Nullable Decision without(int missing) {
            return from == missing || to == missing
                    ? null
                    : new Cut(Nodes.without(from, missing), Nodes.without(to, missing));
        }
    }

    /** A link that was cut works again. */
    record Heal(int from, int to) implements Decision {
        public Heal {
            Nodes.check(from);
            Nodes.check(to);
        }

        @Override
        public String text() {
            return "heal " + Nodes.name(from) + " " + Nodes.name(to);
        }

        @Override
        public @Nullable Decision without(int missing) {
            return from == missing || to == missing
                    ? null
                    : new Heal(Nodes.without(from, missing), Nodes.without(to, missing));
        }
    }

    /**
     * Nothing gets through, either way, between some nodes and the others.
     *
     * @param side the nodes of one side; others of the cluster are the other side
     */
    record Partition(List<Integer> side) implements Decision {
        public Partition {
            side = List.copyOf(side);
            side.forEach(Nodes::check);
        }

        @Override
        public String text() {
            return "partition " + side.stream().map(Nodes::name).collect(Collectors.joining(" "));
        }

        @Override
        public Decision without(int missing) {
            return new Partition(side.stream()
                    .filter(member -> member != missing)
                    .map(member -> Nodes.without(member, missing))
                    .toList());
        }
    }

    /** All links work again. */
    record HealAll() implements Decision {
        @Override
        public String text() {
            return "heal";
        }

        @Override
        public Decision without(int missing) {
            return this;
        }
    }

    /** A node stops between two inputs. It loses everything that is not durable. */
    record Crash(int node) implements Decision {
        public Crash {
            Nodes.check(node);
        }

        @Override
        public String text() {
            return "crash " + Nodes.name(node);
        }

        @Override
        public @Nullable Decision without(int missing) {
            return node == missing ? null : new Crash(Nodes.without(node, missing));
        }
    }

    /** A node that is down starts from what is durable. */
    record Restart(int node) implements Decision {
        public Restart {
            Nodes.check(node);
        }

        @Override
        public String text() {
            return "restart " + Nodes.name(node);
        }

        @Override
        public @Nullable Decision without(int missing) {
            return node == missing ? null : new Restart(Nodes.without(node, missing));
        }
    }

    /**
     * All faults end: links work, nodes are up, clocks agree, and messages arrive in time. Then the cluster must settle
     * (one node leads, and all nodes know its whole log to be committed), commit what a client proposes, and keep its
     * leader.
     *
     * @param ticks so many ticks of every clock it has to settle
     */
    record Recover(int ticks) implements Decision {
        public Recover {
            if (ticks < 0) {
                throw new IllegalArgumentException(ticks + " ticks cannot pass");
            }
        }

        @Override
        public String text() {
            return "recover " + ticks;
        }

        @Override
        public Decision without(int missing) {
            return this;
        }
    }
}
