package dev.checkedraft.drive;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Describe;
import dev.checkedraft.port.Failure;
import dev.checkedraft.port.Fields;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.NodeNames;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.port.PortException;
import dev.checkedraft.port.ProtocolException;
import dev.checkedraft.schedule.Nodes;
import dev.checkedraft.schedule.Setup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One node of a run: its process, what it said it persisted, and what it said of its state. */
public final class PortNode implements AutoCloseable {
    /** A new process may take longer to its first answer: interpreters and JVMs start. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    public final int number;
    final String name;
    private final Pipe.Launcher launcher;
    private final Duration patience;
    private @Nullable Pipe process;
    private boolean fresh = true;
    private boolean reusable = false;

    /** Whether its process repeats the number of an input in the answer. */
    private boolean numbered = false;

    /** How many inputs it was given, and what it said to the last one. */
    private long inputs = 0;

    private String said = "";

    private NodeNames names = new NodeNames(Nodes.names(1));

    // Durable, as far as it persisted it.
    private long currentTerm = 0;
    private Optional<String> votedFor = Optional.empty();
    private final List<Entry> log = new ArrayList<>();

    private boolean up = false;

    /** The last value of every state field it reported since it started. */
    private final Map<String, Object> state = new HashMap<>();

    /** Entries up to here were applied since it started. */
    private long applied = 0;

    public PortNode(int number, Pipe.Launcher launcher, Duration patience) {
        this.number = number;
        this.name = Nodes.name(number);
        this.launcher = launcher;
        this.patience = patience;
    }

    // Process ---------------------------------------------------------------------------------------------------------

    /**
     * Sees to it that a process is there to be started: the one that is, if it may be used again, or else a new one.
     *
     * @param kill whether a new one is wanted in any case
     */
    void provide(boolean kill) throws PortException {
        Pipe old = process;
        if (old != null && (kill || !reusable)) {
            old.kill();
            process = null;
        }
        if (process == null) {
            try {
                process = launcher.launch();
            } catch (IOException e) {
                throw new PortException(
                        Failure.Kind.NOT_STARTED,
                        "cannot be started: " + Fields.shorten(String.valueOf(e.getMessage())));
            }
            fresh = true;
            numbered = false;
        }
    }

    /** Gives the process an input. */
    Answer ask(String input, List<String> servers) throws PortException, InterruptedException {
        inputs++;
        said = give(numbered ? "{\"number\":" + inputs + "," + input.substring(1) : input);
        try {
            return Answer.read(names.meant(said), numbered ? inputs : 0, servers)
                    .withoutOwnMatchIndex(name);
        } catch (ProtocolException e) {
            throw new PortException(
                    Failure.Kind.MALFORMED,
                    "answered " + Fields.shorten(input, 60) + " wrongly: " + e.getMessage() + "; it wrote "
                            + Fields.shorten(said, 60));
        }
    }

    private String give(String input) throws PortException, InterruptedException {
        Pipe asked = process;
        if (asked == null) {
            throw new IllegalStateException(name + " has no process");
        }
        boolean first = fresh;
        fresh = false;
        Duration wait = first && patience.compareTo(START_PATIENCE) < 0 ? START_PATIENCE : patience;
        return asked.ask(names.told(input), wait);
    }

    void checkQuiet() throws PortException {
        if (process != null) {
            process.checkQuiet();
        }
    }

    /**
     * Whether a failure is what it seems. A line that nobody asked for, and that came late, was taken for an answer: then every
     * answer since is another input's. That shows once the input ends, by one line more than there were inputs.
     *
     * @param kind how it failed, by its last answer; null if nothing has failed yet
     * @return what is wrong instead, the rest of a sentence that begins with the node's name; null if nothing is
     */
    @Nullable
    String unasked(Failure.@Nullable Kind kind) throws InterruptedException {
        Pipe asked = process;
        boolean isMalformed = kind == Failure.Kind.MALFORMED;
        if (asked == null || (numbered && kind != null && !isMalformed)) {
            return null;
        }
        reusable = false;
        String more = asked.end(patience);
        if (more == null) {
            return null;
        }
        String wrote = "wrote a line that nobody asked for";
        if (isMalformed) {
            return wrote + ": " + Fields.shorten(said);
        }
        return kind == null
                ? wrote + ": " + Fields.shorten(more)
                : wrote + ", here or before; its last two were " + Fields.shorten(said) + " and "
                        + Fields.shorten(more);
    }

    List<String> lastWords() throws InterruptedException {
        return process == null ? List.of() : process.lastWords();
    }

    /** Ends the process at once: it cannot be used again. */
    public void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    // Durable state ---------------------------------------------------------------------------------------------------

    /** A node that is to start from what is durable there. */
    void begin(Setup setup) {
        DurableState durable = setup.durableState();
        names = new NodeNames(setup.names());
        currentTerm = durable.hardState().currentTerm();
        votedFor = Optional.ofNullable(durable.hardState().votedFor());
        log.clear();
        log.addAll(durable.log());
        up = false;
    }

    /** The input that starts it from what it persisted. */
    String startInput(Setup setup) {
        Map<String, Object> durable = new LinkedHashMap<>();
        durable.put("currentTerm", currentTerm);
        durable.put("votedFor", votedFor);
        durable.put("log", log);
        Map<String, Object> start = new LinkedHashMap<>();
        start.put("id", name);
        start.put("servers", Nodes.names(setup.nodes()));
        start.put("seed", setup.seed());
        start.put("minElectionTimeout", setup.minElectionTimeout());
        start.put("maxElectionTimeout", setup.maxElectionTimeout());
        start.put("heartbeatInterval", setup.heartbeatInterval());
        start.put("maxEntries", setup.maxEntries());
        start.put("durable", durable);
        return Json.write(Map.of("start", start));
    }

    void started(Answer answer) {
        up = true;
        reusable = answer.reuse();
        numbered = answer.numbered();
        applied = 0;
        state.clear();
        state.putAll(answer.state());
    }

    void crashed() {
        up = false;
    }

    public boolean isUp() {
        return up;
    }

    /** What a restart begins with, by state field. */
    Map<String, Object> durableState() {
        Map<String, Object> durable = new LinkedHashMap<>();
        durable.put("currentTerm", currentTerm);
        durable.put("votedFor", votedFor);
        durable.put("log", new LogChange(1, log));
        return durable;
    }

    /** Whether storing that would change anything. What is as it was may be stored again. */
    boolean isChangedBy(Answer.Persist persist) {
        LogChange change = persist.log();
        boolean sameLog = change == null
                || (change.from() <= log.size() + 1
                        && log.subList((int) change.from() - 1, log.size()).equals(change.entries()));
        return !sameLog
                || (persist.currentTerm() != null && persist.currentTerm() != currentTerm)
                || (persist.saysVote() && !votedFor.equals(Optional.ofNullable(persist.votedFor())));
    }

    /** Stores what an answer persisted. */
    void persist(Answer.Persist persist) throws PortException {
        if (persist.currentTerm() != null) {
            currentTerm = persist.currentTerm();
        }
        if (persist.saysVote()) {
            votedFor = Optional.ofNullable(persist.votedFor());
        }
        LogChange change = persist.log();
        if (change != null) {
            if (change.from() > log.size() + 1) {
                throw new PortException(
                        Failure.Kind.MISBEHAVED,
                        "persisted a log from index " + change.from() + " on, and has persisted only " + log.size()
                                + " entries before");
            }
            log.subList((int) change.from() - 1, log.size()).clear();
            log.addAll(change.entries());
        }
    }

    /** The term it persisted. */
    long currentTerm() {
        return currentTerm;
    }

    /** The last index of the log it persisted. */
    public int lastIndex() {
        return log.size();
    }

    /** Whether it says that its term or vote is another than it persisted. */
    public boolean hasUnpersisted() {
        return !state.getOrDefault("currentTerm", currentTerm).equals(currentTerm)
                || !state.getOrDefault("votedFor", votedFor).equals(votedFor);
    }

    // What it says of its state ---------------------------------------------------------------------------------------

    void report(Map<String, Object> reported) {
        reported.forEach((field, value) -> {
            if (value instanceof Map<?, ?> now && state.get(field) instanceof Map<?, ?> before) {
                // Of matchIndex it may report only some servers.
                Map<@Nullable Object, @Nullable Object> both = new HashMap<>(before);
                both.putAll(now);
                state.put(field, both);
            } else {
                state.put(field, value);
            }
        });
    }

    public @Nullable Object reported(String field) {
        return state.get(field);
    }

    public boolean saysRole(String role) {
        return role.equals(state.get("role"));
    }

    /** The first reported field that is not as it was reported last, in words; null if all are. */
    @Nullable
    String changed(Map<String, Object> reported) {
        for (Map.Entry<String, Object> field : reported.entrySet()) {
            Object before = state.get(field.getKey());
            Object now = field.getValue();
            boolean same = before == null || before.equals(now);
            if (before instanceof Map<?, ?> old && now instanceof Map<?, ?> map) {
                same = map.entrySet().stream().allMatch(e -> {
                    String server = String.valueOf(e.getKey());
                    return !old.containsKey(server) || Objects.equals(old.get(server), e.getValue());
                });
            } else if (now instanceof LogChange change) {
                same = change.from() == log.size() + 1L && change.entries().isEmpty();
            }
            if (!same) {
                return field.getKey() + " from " + Describe.value(before) + " to " + Describe.value(now);
            }
        }
        return null;
    }

    /** Takes in what it applied, which must follow what it applied before, be committed, and be its log's. */
    void apply(LogChange apply, boolean logKnown) throws PortException {
        if (apply.from() != applied + 1) {
            throw new PortException(
                    Failure.Kind.APPLIED,
                    "applied from index " + apply.from() + " on, and has applied up to " + applied
                            + " since it started");
        }
        long last = apply.from() + apply.entries().size() - 1;
        if (state.get("commitIndex") instanceof Long commitIndex && last > commitIndex) {
            throw new PortException(
                    Failure.Kind.APPLIED, "applied up to index " + last + ", and its commitIndex is " + commitIndex);
        }
        if (logKnown) {
            if (last > log.size()) {
                throw new PortException(
                        Failure.Kind.APPLIED,
                        "applied up to index " + last + ", and the log it persisted ends at " + log.size());
            }
            for (int k = 0; k < apply.entries().size(); k++) {
                Entry held = log.get((int) apply.from() - 1 + k);
                if (!held.equals(apply.entries().get(k))) {
                    throw new PortException(
                            Failure.Kind.APPLIED,
                            "applied " + Describe.value(apply.entries().get(k)) + " at index " + (apply.from() + k)
                                    + ", and the log it persisted has " + Describe.value(held) + " there");
                }
            }
        }
        applied = last;
    }
}
