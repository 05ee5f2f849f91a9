package dev.checkedraft.schedule;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.Decision.Crash;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Cut;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.Drop;
import dev.checkedraft.schedule.Decision.Duplicate;
import dev.checkedraft.schedule.Decision.Heal;
import dev.checkedraft.schedule.Decision.HealAll;
import dev.checkedraft.schedule.Decision.Heartbeat;
import dev.checkedraft.schedule.Decision.Input;
import dev.checkedraft.schedule.Decision.Partition;
import dev.checkedraft.schedule.Decision.Propose;
import dev.checkedraft.schedule.Decision.Recover;
import dev.checkedraft.schedule.Decision.Restart;
import dev.checkedraft.schedule.Decision.Send;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.schedule.Decision.Timeout;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The text form of schedules: words separated by blanks, one decision a line. */
final class ScheduleText {
    private int nodes = 0;
    private int minElectionTimeout;
    private int maxElectionTimeout;
    private int heartbeatInterval;
    private int maxEntries;
    private long seed;
    private long baseTerm;
    private int baseLog;
    private @Nullable List<String> names;
    private final List<Decision> decisions = new ArrayList<>();

    private ScheduleText() {
        Setup defaults = Setup.of(1, 0);
        minElectionTimeout = defaults.minElectionTimeout();
        maxElectionTimeout = defaults.maxElectionTimeout();
        heartbeatInterval = defaults.heartbeatInterval();
        maxEntries = defaults.maxEntries();
        seed = defaults.seed();
        baseTerm = defaults.baseTerm();
        baseLog = defaults.baseLog();
    }

    static String print(Schedule schedule) {
        Setup setup = schedule.setup();
        StringBuilder out = new StringBuilder();
        out.append("nodes ").append(setup.nodes());
        out.append("\nelection-timeout ").append(setup.minElectionTimeout());
        out.append(' ').append(setup.maxElectionTimeout());
        out.append("\nheartbeat-interval ").append(setup.heartbeatInterval());
        out.append("\nmax-entries ").append(setup.maxEntries());
        out.append("\nseed ").append(setup.seed()).append('\n');
        if (setup.baseTerm() > 0) {
            out.append("base-term ").append(setup.baseTerm()).append('\n');
        }
        if (setup.baseLog() > 0) {
            out.append("base-log ").append(setup.baseLog()).append('\n');
        }
        if (!setup.names().equals(Nodes.names(setup.nodes()))) {
            out.append("names ").append(String.join(" ", setup.names())).append('\n');
        }
        for (Decision decision : schedule.decisions()) {
            out.append(decision.text()).append('\n');
        }
        return out.toString();
    }

    static Schedule parse(String text) {
        ScheduleText parser = new ScheduleText();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            int comment = line.indexOf('#');
            String said = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (said.isEmpty()) {
                continue;
            }
            try {
                parser.line(new Words(said));
            } catch (IllegalArgumentException e) {
                throw new ScheduleFormatException(number + ": " + e.getMessage(), e);
            }
        }
        if (parser.nodes == 0) {
            throw new ScheduleFormatException(number + ": \"nodes\", with the size of the cluster, is missing", null);
        }
        return new Schedule(parser.setup(), parser.decisions);
    }

    private Setup setup() {
        return new Setup(
                nodes,
                minElectionTimeout,
                maxElectionTimeout,
                heartbeatInterval,
                maxEntries,
                seed,
                baseTerm,
                baseLog,
                names == null ? Nodes.names(nodes) : names);
    }

    private void line(Words words) {
        String verb = words.word("a decision");
        switch (verb) {
            case "nodes",
                    "election-timeout",
                    "heartbeat-interval",
                    "max-entries",
                    "seed",
                    "base-term",
                    "base-log",
                    "names" -> setting(verb, words);
            default -> decisions.add(decision(verb, words));
        }
        words.end();
    }

    private void setting(String name, Words words) {
        if (!decisions.isEmpty()) {
            throw new IllegalArgumentException("\"" + name + "\" belongs before the first decision");
        }
        switch (name) {
            case "nodes" -> nodes = words.integer("a number of nodes");
            case "election-timeout" -> {
                minElectionTimeout = words.integer("the shortest election timeout");
                maxElectionTimeout = words.integer("the longest election timeout");
            }
            case "heartbeat-interval" -> heartbeatInterval = words.integer("the heartbeat interval");
            case "max-entries" -> maxEntries = words.integer("the most entries in a message");
            case "base-term" -> baseTerm = words.number("the term that the cluster begins with");
            case "base-log" -> baseLog = words.count("the length of the log that the cluster begins with");
            case "names" -> names = words.rest("the name of a node");
            default -> seed = words.number("a seed");
        }
        if (nodes > 0 && !name.equals("election-timeout") && !name.equals("heartbeat-interval")) {
            // The two times are valid only together.
            setup();
        }
    }

    private Decision decision(String verb, Words words) {
        if (decisions.isEmpty()) {
            if (nodes == 0) {
                throw new IllegalArgumentException("\"nodes\" belongs before the first decision");
            }
            setup();
        }
        return switch (verb) {
            case "tick" -> input(new Tick(node(words)), words);
            case "timeout" -> input(new Timeout(node(words)), words);
            case "heartbeat" -> input(new Heartbeat(node(words)), words);
            case "propose" -> input(new Propose(node(words), words.word("a value")), words);
            case "deliver" -> input(new Deliver(message(words)), words);
            case "send" -> input(send(words), words);
            case "drop" -> new Drop(message(words));
            case "duplicate" -> new Duplicate(message(words));
            case "cut" -> new Cut(node(words), node(words));
            case "heal" -> words.more() ? new Heal(node(words), node(words)) : new HealAll();
            case "partition" -> new Partition(side(words));
            case "crash" -> new Crash(node(words));
            case "restart" -> new Restart(node(words));
            case "recover" -> new Recover(words.count("a number of ticks"));
            default -> throw new IllegalArgumentException("no decision is called \"" + verb + "\"");
        };
    }

    private Send send(Words words) {
        return new Send(
                node(words),
                node(words),
                words.count("the index before the slice"),
                words.count("a number of entries"),
                words.count("a commit index"));
    }

    private static Decision input(Input input, Words words) {
        if (!words.more()) {
            return input;
        }
        String crash = words.word("a crash");
        return switch (crash) {
            case "crash-before-persisting" -> new CrashDuring(input, CrashDuring.BEFORE_PERSISTING);
            case "crash-after-sending" -> new CrashDuring(input, words.count("a number of messages sent"));
            default -> throw new IllegalArgumentException("unexpected \"" + crash + "\"");
        };
    }

    private MessageRef message(Words words) {
        int from = node(words);
        int to = node(words);
        MessageKind kind = words.more() ? MessageKind.named(words.peek()) : null;
        if (kind == null) {
            return MessageRef.oldest(from, to);
        }
        words.word("a kind of message");
        boolean counted = words.more() && !words.peek().startsWith("crash-");
        return new MessageRef(from, to, kind, counted ? words.integer("which message of its kind") : 0);
    }

    private List<Integer> side(Words words) {
        List<Integer> side = new ArrayList<>();
        do {
            side.add(node(words));
        } while (words.more());
        return side;
    }

    private int node(Words words) {
        String name = words.word("a node");
        int node = Nodes.number(name);
        if (node == 0 || node > nodes) {
            throw new IllegalArgumentException(
                    "no node is called \"" + name + "\": they are n1 to " + Nodes.name(nodes));
        }
        return node;
    }

    /** The words of a line, taken one by one. */
    private static final class Words {
        private final String[] words;
        private int next = 0;

        Words(String line) {
            words = line.split("\\s+", -1);
        }

        boolean more() {
            return next < words.length;
        }

        String peek() {
            return words[next];
        }

        String word(String what) {
            if (!more()) {
                throw new IllegalArgumentException(what + " is missing");
            }
            return words[next++];
        }

        List<String> rest(String what) {
            List<String> rest = new ArrayList<>();
            do {
                rest.add(word(what));
            } while (more());
            return rest;
        }

        int integer(String what) {
            long number = number(what);
            if (number != (int) number) {
                throw new IllegalArgumentException(what + " is out of range: " + number);
            }
            return (int) number;
        }

        int count(String what) {
            int count = integer(what);
            if (count < 0) {
                throw new IllegalArgumentException(what + " is not negative: " + count);
            }
            return count;
        }

        long number(String what) {
            String word = word(what);
            try {
                return Long.parseLong(word);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(what + " is expected, not \"" + word + "\"", e);
            }
        }

        void end() {
            if (more()) {
                throw new IllegalArgumentException("unexpected \"" + peek() + "\"");
            }
        }
    }
}
