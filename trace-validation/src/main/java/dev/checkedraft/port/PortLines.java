package dev.checkedraft.port;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.HardState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Speaks the protocol for a port in Java: an input's line in, its answer's line out. */
public final class PortLines {
    private static final List<String> START_FIELDS = List.of(
            "id",
            "servers",
            "seed",
            "minElectionTimeout",
            "maxElectionTimeout",
            "heartbeatInterval",
            "maxEntries",
            "durable");

    private final Supplier<? extends Port> nodes;
    private @Nullable Port node;

    /** Each {@code start} gets a new node. */
    public PortLines(Supplier<? extends Port> nodes) {
        this.nodes = nodes;
    }

    /** Answers every line of {@code in} on {@code out}, until {@code in} ends. */
    public void run(BufferedReader in, PrintStream out) throws IOException {
        String line;
        while ((line = in.readLine()) != null) {
            out.print(answer(line) + "\n");
            out.flush();
        }
    }

    /** The answer to one input. */
    public String answer(String line) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        try {
            Fields input = Fields.of(Json.read(line), "");
            if (input.has("number")) {
                answer.put("number", input.integer("number"));
            }
            answer.putAll(answer(input).fields());
        } catch (ProtocolException e) {
            answer.put("error", String.valueOf(e.getMessage()));
        }
        return Json.write(answer);
    }

    private Answer answer(Fields input) throws ProtocolException {
        List<String> kinds =
                input.names().stream().filter(name -> !name.equals("number")).toList();
        String kind = kinds.size() == 1 ? kinds.get(0) : "";
        if (kind.equals("start")) {
            Port started = nodes.get();
            node = started;
            return start(started, input.object("start").only(START_FIELDS)).reusable();
        }
        Port started = node;
        if (started == null) {
            throw new ProtocolException("the first input must be start");
        }
        return switch (kind) {
            case "tick" -> started.tick();
            case "electionTimeout" -> started.electionTimeout();
            case "heartbeat" -> started.heartbeat();
            case "message" -> started.receive(Messages.toCore(input.object("message")));
            case "propose" -> started.propose(input.object("propose").string("value"));
            default ->
                throw new ProtocolException(
                        "an input has one field: start, tick, electionTimeout, heartbeat, message or propose");
        };
    }

    private static Answer start(Port node, Fields start) throws ProtocolException {
        Fields durable = start.object("durable");
        Config config;
        DurableState state;
        try {
            config = new Config(
                    start.string("id"),
                    start.strings("servers"),
                    start.count("minElectionTimeout"),
                    start.count("maxElectionTimeout"),
                    start.count("heartbeatInterval"),
                    start.count("maxEntries"),
                    start.integer("seed"));
            state = new DurableState(
                    new HardState(
                            durable.number("currentTerm", 0),
                            durable.optionalString("votedFor").orElse(null)),
                    durable.entries("log"));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(String.valueOf(e.getMessage()));
        }
        return node.start(config, state);
    }

    // In this JVM -----------------------------------------------------------------------------------------------------

    /** Nodes in this JVM, each reached by its lines. */
    public static Pipe.Launcher pipes(Supplier<? extends Port> nodes) {
        return () -> new InProcess(new PortLines(nodes));
    }

    /** Answers at once; an exception ends it. */
    private static final class InProcess implements Pipe {
        private static final int FRAMES_TOLD = 6;

        private final PortLines lines;
        private List<String> lastWords = List.of();

        InProcess(PortLines lines) {
            this.lines = lines;
        }

        @Override
        public String ask(String input, Duration patience) throws PortException {
            try {
                return lines.answer(input);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                lastWords = told(e);
                throw new PortException(
                        Failure.Kind.DIED,
                        "threw " + Fields.shorten(e.toString(), 200) + " instead of an answer to "
                                + Fields.shorten(input));
            }
        }

        private static List<String> told(Throwable thrown) {
            List<String> told = new ArrayList<>();
            StackTraceElement[] frames = thrown.getStackTrace();
            for (int k = 0; k < Math.min(frames.length, FRAMES_TOLD); k++) {
                told.add("at " + frames[k]);
            }
            return told;
        }

        @Override
        public void checkQuiet() {}

        @Override
        public @Nullable String end(Duration patience) {
            return null;
        }

        @Override
        public List<String> lastWords() {
            return lastWords;
        }

        @Override
        public void kill() {}

        @Override
        public void close() {}
    }
}
