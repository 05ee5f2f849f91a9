package dev.checkedraft.schedule;

import java.util.List;
import java.util.stream.Collectors;

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

    /** A decision that gives a node an input. */
    sealed interface Input extends Decision {
        /** The node that gets it. */
        @Override
        int node();
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
    }

    /** A message in flight is lost. */
    record Drop(MessageRef message) implements Decision {
        @Override
        public String text() {
            return "drop " + message.text();
        }
    }

    /** A message is in flight once more. */
    record Duplicate(MessageRef message) implements Decision {
        @Override
        public String text() {
            return "duplicate " + message.text();
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
    }

    /** All links work again. */
    record HealAll() implements Decision {
        @Override
        public String text() {
            return "heal";
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
    }
}
