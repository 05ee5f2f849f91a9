package dev.checkedraft.tlc;

import dev.checkedraft.eval.CompiledAction;
import dev.checkedraft.trace.Quorums;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.st.Location;
import tlc2.tool.Action;
import tlc2.tool.EvalControl;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.tool.impl.FastTool;
import tlc2.tool.impl.ReplayTool;
import tlc2.tool.impl.Tool;
import tlc2.util.Context;
import tlc2.value.impl.Applicable;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import tlc2.value.impl.ValueExcept;
import util.FilenameToStream;
import util.ToolIO;
import util.UniqueString;

/**
 * TLC's evaluator for {@code RaftTrace.tla} with the servers of one cluster. It is made once for a cluster and then serves
 * all its traces, in all threads: evaluating changes nothing in it.
 */
public final class SpecEvaluator {
    private static final UniqueString EVENT = UniqueString.uniqueStringOf("event");
    private static final UniqueString MESSAGES = UniqueString.uniqueStringOf("messages");
    private static final UniqueString LOG = UniqueString.uniqueStringOf("log");
    private static final UniqueString STORED = UniqueString.uniqueStringOf("stored");
    /** The variable {@code event} where no action looks at it. */
    public static final Value NO_EVENT = new StringValue("none");

    /** Clusters seen lately. */
    private static final Map<List<Object>, SpecEvaluator> CACHE = new LinkedHashMap<>(16, 0.75f, true);

    /** Each takes 4 MB. */
    private static final int CACHE_SIZE = 8;

    /** AnyRaft.tla has no branches that are counted. */
    private static final ReplayTool.Visits NO_VISITS = new ReplayTool.Visits(0);

    private static final Map<String, List<String>> SOURCES = new ConcurrentHashMap<>();

    /** What is compared, and the comparison of it in RaftTrace.tla. */
    private static final String[][] COMPARISONS = {
        {"currentTerm", "SameTerm"},
        {"votedFor", "SameVote"},
        {"role", "SameRole"},
        {"commitIndex", "SameCommit"},
        {"votesGranted", "SameGranted"},
        {"votesRefused", "SameRefused"},
        {"matchIndex", "SameMatch"},
        {"log", "SameLog"},
        {"sent", "SameSent"}
    };

    private final ReplayTool tool;
    private final TlcValues cluster;
    private final Quorums quorums;
    /** The step of each action, by its name, and TraceNext. */
    private final Map<String, Action> steps = new HashMap<>();

    /** Raft.tla's own definition of each action. */
    private final Map<dev.checkedraft.core.Action, OpDefNode> actions =
            new EnumMap<>(dev.checkedraft.core.Action.class);

    /** The same, for those that could be compiled. */
    private final Map<dev.checkedraft.core.Action, CompiledAction> compiled =
            new EnumMap<>(dev.checkedraft.core.Action.class);

    /** SameTerm and so on, by what it compares, in the order of RaftTrace.tla. */
    private final Map<String, SemanticNode> comparisons = new LinkedHashMap<>();

    /** AnyRaft.tla's actions, by their names, compiled when the first is asked for. */
    private final Map<String, CompiledAction> any = new HashMap<>();

    private final List<Branch> branches;
    private final Action traceNext;
    private final TLCState initial;

    /** For a cluster in which majorities elect and commit. */
    public static SpecEvaluator of(List<String> servers) {
        return of(servers, Quorums.majorities(servers.size()));
    }

    public static SpecEvaluator of(List<String> servers, Quorums quorums) {
        List<Object> key = List.of(List.copyOf(servers), quorums);
        synchronized (CACHE) {
            SpecEvaluator evaluator = CACHE.get(key);
            if (evaluator == null) {
                evaluator = make(servers, quorums, raft(), SpecEvaluator::text);
                CACHE.put(key, evaluator);
                if (CACHE.size() > CACHE_SIZE) {
                    CACHE.remove(CACHE.keySet().iterator().next());
                }
            }
            return evaluator;
        }
    }

    /** An evaluator for another text of Raft.tla; its branches have no texts. */
    public static SpecEvaluator of(List<String> servers, String raft) {
        return make(servers, Quorums.majorities(servers.size()), raft, at -> "");
    }

    /** TLC's parser keeps global state, so its own class is the lock: whoever loads this class, there is one TLC in a JVM. */
    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // it is what all loaders of this class have in common
    private static SpecEvaluator make(
            List<String> servers, Quorums quorums, String raft, Function<Location, String> texts) {
        synchronized (FastTool.class) {
            return new SpecEvaluator(new TlcValues(servers), quorums, raft, texts);
        }
    }

    private SpecEvaluator(TlcValues cluster, Quorums quorums, String raft, Function<Location, String> texts) {
        this.cluster = cluster;
        this.quorums = quorums;
        tool = load(
                cluster.servers(),
                quorums,
                raft,
                (folder, resolver) -> new ReplayTool(folder, "RaftTrace", "RaftTrace", resolver));
        for (dev.checkedraft.core.Action action : dev.checkedraft.core.Action.values()) {
            steps.put(action.label(), action(tool, action.label() + "Step"));
            actions.put(action, definition(tool, action.label()));
        }
        for (String[] comparison : COMPARISONS) {
            comparisons.put(comparison[0], definition(tool, comparison[1]).getBody());
        }
        List<OpDefNode> definitions = new ArrayList<>();
        for (dev.checkedraft.core.Action action : dev.checkedraft.core.Action.values()) {
            definitions.add(definition(tool, action.label() + "Step"));
        }
        branches = Branches.mark(tool, definitions, texts);
        actions.forEach((action, definition) ->
                CompiledAction.of(tool, definition).ifPresent(code -> compiled.put(action, code)));
        traceNext = action(tool, "TraceNext");
        initial = tool.getInitStates().elementAt(0);
    }

    /**
     * Loads RaftTrace.tla with these servers.
     *
     * @param make makes a tool of TLC, given the folder of the modules and RaftTrace.cfg and what finds them there
     */
    public static <T extends Tool> T load(List<String> servers, BiFunction<String, FilenameToStream, T> make) {
        return load(servers, raft(), make);
    }

    /**
     * Writes RaftTrace.tla and the modules that it needs into a folder, as they are.
     *
     * @return the configuration of RaftTrace.tla for these servers
     */
    public static String writeModules(Path folder, List<String> servers) throws IOException {
        writeModules(folder, raft());
        return config(servers, Quorums.majorities(servers.size()));
    }

    private static void writeModules(Path folder, String raft) throws IOException {
        Files.writeString(folder.resolve("Raft.tla"), raft);
        Files.write(folder.resolve("AnyRaft.tla"), source("AnyRaft"));
        Files.write(folder.resolve("RaftTrace.tla"), source("RaftTrace"));
    }

    /** The same, with this text of Raft.tla. */
    public static <T extends Tool> T load(
            List<String> servers, String raft, BiFunction<String, FilenameToStream, T> make) {
        return load(servers, Quorums.majorities(servers.size()), raft, make);
    }

    private static <T extends Tool> T load(
            List<String> servers, Quorums quorums, String raft, BiFunction<String, FilenameToStream, T> make) {
        ToolIO.setMode(ToolIO.TOOL);
        try {
            Path folder = Files.createTempDirectory("checked-raft");
            try {
                writeModules(folder, raft);
                Files.writeString(folder.resolve("RaftTrace.cfg"), config(servers, quorums));
                return make.apply(folder.toString(), new SpecFolder(folder));
            } finally {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of Raft.tla. */
    public static String raft() {
        return String.join("\n", source("Raft"));
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = SpecEvaluator.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("not on the class path: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** RaftTrace.cfg with other servers. Their names cannot end a TLA+ string: see {@code TraceHeader}. */
    private static String config(List<String> servers, Quorums quorums) throws IOException {
        String set = servers.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ", "{", "}"));
        return text("/dev/checkedraft/replay/tla/RaftTrace.cfg")
                .replaceFirst("Server = \\{[^}]*}", "Server = " + set)
                .replaceFirst("ElectionQuorum = \\d+", "ElectionQuorum = " + quorums.election())
                .replaceFirst("CommitQuorum = \\d+", "CommitQuorum = " + quorums.commit());
    }

    private static Action action(ReplayTool tool, String name) {
        OpDefNode definition = definition(tool, name);
        return new Action(definition.getBody(), Context.Empty, definition);
    }

    private static OpDefNode definition(ReplayTool tool, String name) {
        OpDefNode definition = tool.getRootModule().getOpDef(UniqueString.uniqueStringOf(name));
        if (definition == null) {
            throw new IllegalArgumentException("the spec does not define " + name);
        }
        return definition;
    }

    public TlcValues cluster() {
        return cluster;
    }

    public Quorums quorums() {
        return quorums;
    }

    /** Whether more than half of the servers elect and commit, as in Raft.tla. */
    public boolean hasMajorities() {
        return quorums.equals(Quorums.majorities(cluster.servers().size()));
    }

    /** TLC's evaluator. */
    public ReplayTool tool() {
        return tool;
    }

    /** A definition of RaftTrace.tla, or of the modules that it extends. */
    public OpDefNode definition(String name) {
        return definition(tool, name);
    }

    private OpDefNode definition(dev.checkedraft.core.Action action) {
        OpDefNode definition = actions.get(action);
        if (definition == null) {
            throw new AssertionError(action);
        }
        return definition;
    }

    /** The text of one of the modules, by lines. */
    public static List<String> source(String module) {
        return SOURCES.computeIfAbsent(module, name -> {
            String folder = name.equals("RaftTrace") ? "replay" : "spec";
            try {
                return text("/dev/checkedraft/" + folder + "/tla/" + name + ".tla")
                        .lines()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The branches of the spec, each by its mark. */
    public List<Branch> branches() {
        return branches;
    }

    /** The spec's text at a place, in one line without comments. */
    public static String text(Location at) {
        List<String> lines = source(at.source());
        StringBuilder text = new StringBuilder();
        for (int line = at.beginLine(); line <= at.endLine(); line++) {
            String whole = lines.get(line - 1);
            int begin = line == at.beginLine() ? at.beginColumn() - 1 : 0;
            int end = line == at.endLine() ? at.endColumn() : whole.length();
            String part = whole.substring(begin, end);
            int comment = part.indexOf("\\*");
            text.append(comment < 0 ? part : part.substring(0, comment)).append(' ');
        }
        return text.toString().replaceAll("\\s+", " ").strip();
    }

    /** The state in which every trace begins. */
    public TLCState initial() {
        return initial;
    }

    /** The states to which an event's action leads, whatever the event reports of them. */
    public List<TLCState> free(String event, TLCState before) {
        return free(event, before, CostModel.DO_NOT_RECORD);
    }

    /** The same, taking down which branches were visited. */
    public List<TLCState> free(String event, TLCState before, CostModel visits) {
        Action step = steps.get(event);
        if (step == null) {
            throw new IllegalArgumentException("the spec has no action " + event);
        }
        return keepingStored(before, tool.successors(step, before, visits));
    }

    /**
     * The states to which an event's action leads from {@code vars}, whatever the event reports of them. Where all parameters
     * of the action are known, it is evaluated as Raft.tla has it; else RaftTrace.tla says which they may have been.
     *
     * @param handled the message that is taken to have been handled; null if the event is no handler's
     * @param visits told which branches were visited
     */
    public List<TLCState> steps(
            EventValues report, TLCState vars, @Nullable RecordValue handled, ReplayTool.Visits visits) {
        dev.checkedraft.core.Action action = report.event.action().raft();
        if (action == null) {
            return List.of();
        }
        Value messages = handled == null ? SetEnumValue.EmptySet : new SetEnumValue(new Value[] {handled}, true);
        Value[] arguments = arguments(report, action, handled);
        if (arguments == null) {
            return free(action.label(), bind(vars, report.value, messages), visits);
        }
        TLCState before = bind(vars, NO_EVENT, messages);
        CompiledAction code = compiled.get(action);
        if (code == null) {
            return keepingStored(before, tool.successors(definition(action), before, visits, arguments));
        }
        TLCState after = code.successor(before, visits, arguments);
        return after == null ? List.of() : keepingStored(before, List.of(after));
    }

    /** Raft.tla does not speak of what is stored. */
    private static List<TLCState> keepingStored(TLCState before, List<TLCState> after) {
        for (TLCState state : after) {
            state.bind(STORED, before.lookup(STORED));
        }
        return after;
    }

    /**
     * The state to which an action of AnyRaft.tla leads; null if it is not enabled.
     *
     * @param handled the message that is taken to have been handled; null if the action is no handler
     */
    public @Nullable TLCState any(String action, TLCState vars, @Nullable RecordValue handled, Value... arguments) {
        Value messages = handled == null ? SetEnumValue.EmptySet : new SetEnumValue(new Value[] {handled}, true);
        TLCState after = any(action).successor(bind(vars, NO_EVENT, messages), NO_VISITS, arguments);
        if (after != null) {
            after.bind(EVENT, NO_EVENT);
        }
        return after;
    }

    /** An action of AnyRaft.tla. */
    CompiledAction any(String action) {
        synchronized (any) {
            return any.computeIfAbsent(
                    action,
                    name -> CompiledAction.withGuards(tool, definition("AnyRaft!" + name))
                            .orElseThrow(() -> new IllegalStateException(name + " of AnyRaft.tla is not compiled")));
        }
    }

    /** The arguments of an event's action; null if they are not all known. */
    private Value @Nullable [] arguments(
            EventValues report, dev.checkedraft.core.Action action, @Nullable RecordValue handled) {
        return switch (action) {
            case START_ELECTION, RESTART -> new Value[] {report.node};
            case PROPOSE -> report.proposed == null ? null : new Value[] {report.node, report.proposed};
            case HANDLE_REQUEST_VOTE,
                    HANDLE_REQUEST_VOTE_RESPONSE,
                    HANDLE_APPEND_ENTRIES,
                    HANDLE_APPEND_ENTRIES_RESPONSE -> handled == null ? null : new Value[] {report.node, handled};
            case SEND_APPEND_ENTRIES -> {
                PackedMessage send = report.wholeSend;
                yield send == null || send.entries == null
                        ? null
                        : new Value[] {
                            report.node,
                            cluster.name(send.get(PackedMessage.TO)),
                            IntValue.gen(send.get(PackedMessage.PREV_LOG_INDEX)),
                            IntValue.gen(LogValue.length(send.entries)),
                            IntValue.gen(send.get(PackedMessage.LEADER_COMMIT))
                        };
            }
        };
    }

    /** The states after an event that agree with all it reports, by TraceNext as it is written. */
    List<TLCState> byTheBook(TLCState before) {
        return tool.successors(traceNext, before, CostModel.DO_NOT_RECORD);
    }

    /** The names of what a step does not agree with: state fields, and {@code sent}. */
    public List<String> disagreements(TLCState before, TLCState after) {
        List<String> names = new ArrayList<>();
        comparisons.forEach((name, body) -> {
            if (!holds(body, before, after)) {
                names.add(name);
            }
        });
        return names;
    }

    private boolean holds(SemanticNode predicate, TLCState before, TLCState after) {
        return ((BoolValue)
                        tool.eval(predicate, Context.Empty, before, after, EvalControl.Clear, CostModel.DO_NOT_RECORD))
                .val;
    }

    /** A state as it is when an event happens that may have handled one of some messages. */
    public static TLCState bind(TLCState state, Value event, Value messages) {
        TLCState bound = state.copy();
        bound.bind(EVENT, event);
        bound.bind(MESSAGES, messages);
        return bound;
    }

    /** The state without what only the step needed. */
    public static TLCState unbind(TLCState state) {
        state.bind(EVENT, NO_EVENT);
        state.bind(MESSAGES, SetEnumValue.EmptySet);
        return state;
    }

    /** The variable {@code messages}. */
    public static SetEnumValue messages(TLCState state) {
        SetEnumValue messages = (SetEnumValue) ((Value) state.lookup(MESSAGES)).toSetEnum();
        if (messages == null) {
            throw new IllegalStateException("messages is no finite set");
        }
        return messages;
    }

    public static Value value(TLCState state, String variable) {
        return (Value) state.lookup(UniqueString.uniqueStringOf(variable));
    }

    /** A server's log. */
    public static Value log(TLCState state, Value server) {
        return at((Value) state.lookup(LOG), server);
    }

    /** What is on a server's disk. */
    public static Value stored(TLCState state, Value server) {
        return at((Value) state.lookup(STORED), server);
    }

    /** The state with this on a server's disk. */
    public static TLCState store(TLCState state, Value server, Value entries) {
        TLCState stored = state.copy();
        Value all = (Value) state.lookup(STORED);
        stored.bind(STORED, all.takeExcept(new ValueExcept(new Value[] {server}, entries)));
        return stored;
    }

    /** The value of a variable for one server. */
    public static Value valueAt(TLCState state, String variable, Value server) {
        return at(value(state, variable), server);
    }

    /** A field of a message. */
    public static Value field(RecordValue record, String name) {
        for (int k = 0; k < record.names.length; k++) {
            if (record.names[k].equals(name)) {
                return record.values[k];
            }
        }
        throw new IllegalArgumentException("no field " + name + " in " + record);
    }

    /** Whether a message has a field. */
    public static boolean hasField(RecordValue record, String name) {
        for (UniqueString each : record.names) {
            if (each.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The value of a function, such as a variable, for an argument. */
    public static Value at(Value function, Value argument) {
        Value value = function instanceof Applicable applicable ? applicable.select(argument) : null;
        if (value == null) {
            throw new IllegalArgumentException("nothing for " + argument + " in " + function);
        }
        return value;
    }
}
