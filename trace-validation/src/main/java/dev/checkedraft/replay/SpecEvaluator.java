package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tla2sany.semantic.OpDefNode;
import tla2sany.semantic.SemanticNode;
import tla2sany.st.Location;
import tlc2.tool.Action;
import tlc2.tool.EvalControl;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.tool.impl.FastTool;
import tlc2.tool.impl.ReplayTool;
import tlc2.util.Context;
import tlc2.value.impl.Applicable;
import tlc2.value.impl.BoolValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import util.ToolIO;
import util.UniqueString;

/**
 * TLC's evaluator for {@code RaftTrace.tla} with the servers of one cluster. It is made once for a cluster and then serves
 * all its traces, in all threads: evaluating changes nothing in it.
 */
public final class SpecEvaluator {
    private static final UniqueString EVENT = UniqueString.uniqueStringOf("event");
    private static final UniqueString MESSAGES = UniqueString.uniqueStringOf("messages");
    private static final Value NO_EVENT = new StringValue("none");

    /** Clusters seen lately. */
    private static final Map<List<String>, SpecEvaluator> CACHE = new LinkedHashMap<>(16, 0.75f, true);

    private static final int CACHE_SIZE = 64;

    private static final Map<String, List<String>> SOURCES = new ConcurrentHashMap<>();

    /** Each state field's variable and the comparison of it in RaftTrace.tla. */
    private static final String[][] COMPARISONS = {
        {"currentTerm", "SameTerm"},
        {"votedFor", "SameVote"},
        {"role", "SameRole"},
        {"commitIndex", "SameCommit"},
        {"votesGranted", "SameGranted"},
        {"votesRefused", "SameRefused"},
        {"matchIndex", "SameMatch"},
        {"log", "SameLog"}
    };

    private record Comparison(String field, UniqueString variable, SemanticNode body) {}

    private final ReplayTool tool;
    private final Cluster cluster;
    /** The step of each action, by its name, and TraceNext. */
    private final Map<String, Action> steps = new HashMap<>();

    /** What is compared: SameTerm and so on, in the order of RaftTrace.tla. */
    private final List<Comparison> comparisons = new ArrayList<>();

    private final List<Branch> branches;
    private final SemanticNode sameSent;
    private final Action traceNext;
    private final TLCState initial;

    static SpecEvaluator of(List<String> servers) {
        synchronized (CACHE) {
            SpecEvaluator evaluator = CACHE.get(servers);
            if (evaluator == null) {
                evaluator = make(servers);
                CACHE.put(List.copyOf(servers), evaluator);
                if (CACHE.size() > CACHE_SIZE) {
                    CACHE.remove(CACHE.keySet().iterator().next());
                }
            }
            return evaluator;
        }
    }

    /** TLC's parser keeps global state, so its own class is the lock: whoever loads this class, there is one TLC in a JVM. */
    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // it is what all loaders of this class have in common
    private static SpecEvaluator make(List<String> servers) {
        synchronized (FastTool.class) {
            return new SpecEvaluator(new Cluster(servers));
        }
    }

    private SpecEvaluator(Cluster cluster) {
        this.cluster = cluster;
        ToolIO.setMode(ToolIO.TOOL);
        try {
            Path dir = Files.createTempDirectory("checked-raft");
            try {
                copy("/dev/checkedraft/spec/tla/Raft.tla", dir.resolve("Raft.tla"));
                copy("/dev/checkedraft/replay/tla/RaftTrace.tla", dir.resolve("RaftTrace.tla"));
                Files.writeString(dir.resolve("RaftTrace.cfg"), config(cluster.servers()));
                tool = new ReplayTool(dir.toString(), "RaftTrace", "RaftTrace", new SpecFolder(dir));
            } finally {
                try (Stream<Path> files = Files.list(dir)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(dir);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (dev.checkedraft.core.Action action : dev.checkedraft.core.Action.values()) {
            steps.put(action.label(), action(tool, action.label() + "Step"));
        }
        for (String[] comparison : COMPARISONS) {
            comparisons.add(new Comparison(
                    comparison[0],
                    UniqueString.uniqueStringOf(comparison[0]),
                    definition(tool, comparison[1]).getBody()));
        }
        List<OpDefNode> definitions = new ArrayList<>();
        for (dev.checkedraft.core.Action action : dev.checkedraft.core.Action.values()) {
            definitions.add(definition(tool, action.label() + "Step"));
        }
        branches = Branches.mark(tool, definitions);
        sameSent = definition(tool, "SameSent").getBody();
        traceNext = action(tool, "TraceNext");
        initial = tool.getInitStates().elementAt(0);
    }

    private static void copy(String resource, Path target) throws IOException {
        Files.writeString(target, text(resource));
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
    private static String config(List<String> servers) throws IOException {
        String set = servers.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ", "{", "}"));
        return text("/dev/checkedraft/replay/tla/RaftTrace.cfg").replaceFirst("Server = \\{[^}]*}", "Server = " + set);
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

    Cluster cluster() {
        return cluster;
    }

    /** TLC's evaluator. */
    public ReplayTool tool() {
        return tool;
    }

    /** A definition of RaftTrace.tla, or of the modules that it extends. */
    public OpDefNode definition(String name) {
        return definition(tool, name);
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
    List<Branch> branches() {
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
    TLCState initial() {
        return initial;
    }

    /** The states to which an event's action leads, whatever the event reports of them. */
    List<TLCState> free(String event, TLCState before) {
        return free(event, before, CostModel.DO_NOT_RECORD);
    }

    /** The same, taking down which branches were visited. */
    List<TLCState> free(String event, TLCState before, CostModel visits) {
        Action step = steps.get(event);
        if (step == null) {
            throw new IllegalArgumentException("the spec has no action " + event);
        }
        return tool.successors(step, before, visits);
    }

    /** The states after an event that agree with all it reports, by TraceNext as it is written. */
    List<TLCState> byTheBook(TLCState before) {
        return tool.successors(traceNext, before, CostModel.DO_NOT_RECORD);
    }

    /**
     * Whether a step agrees with all that the event reports. This is {@code Observed}, conjunct by conjunct, without those
     * that cannot fail: of a field that is not reported, and is not observed or is as it was before the step.
     */
    boolean agrees(TraceEvent event, Set<String> observes, TLCState before, TLCState after) {
        for (int k = 0; k < comparisons.size(); k++) {
            Comparison comparison = comparisons.get(k);
            boolean asked = event.state().containsKey(comparison.field)
                    || (observes.contains(comparison.field)
                            && !isUnchanged(comparison.variable, event.node(), before, after));
            if (asked && !holds(comparison.body, before, after)) {
                return false;
            }
        }
        return !asksForSent(event) || holds(sameSent, before, after);
    }

    /** {@code variable'[node] = variable[node]}, as TLC would find. */
    private boolean isUnchanged(UniqueString variable, String node, TLCState before, TLCState after) {
        Value then = (Value) before.lookup(variable);
        Value now = (Value) after.lookup(variable);
        if (then == now) {
            return true;
        }
        Value name = cluster.name(node);
        Value nodeThen = ((Applicable) then).select(name);
        Value nodeNow = ((Applicable) now).select(name);
        return nodeThen != null && nodeThen.equals(nodeNow);
    }

    private static boolean asksForSent(TraceEvent event) {
        return event.sent() != null || event.action() == dev.checkedraft.core.Action.SEND_APPEND_ENTRIES;
    }

    /** The names of what a step does not agree with: state fields, and {@code sent}. */
    public List<String> disagreements(TLCState before, TLCState after) {
        List<String> names = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            if (!holds(comparison.body, before, after)) {
                names.add(comparison.field);
            }
        }
        if (!holds(sameSent, before, after)) {
            names.add("sent");
        }
        return names;
    }

    private boolean holds(SemanticNode predicate, TLCState before, TLCState after) {
        return ((BoolValue)
                        tool.eval(predicate, Context.Empty, before, after, EvalControl.Clear, CostModel.DO_NOT_RECORD))
                .val;
    }

    /** A state as it is when an event happens that may have handled one of some messages. */
    static TLCState bind(TLCState state, Value event, Value messages) {
        TLCState bound = state.copy();
        bound.bind(EVENT, event);
        bound.bind(MESSAGES, messages);
        return bound;
    }

    /** The state without what only the step needed. */
    static TLCState unbind(TLCState state) {
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

    /** The value of a variable for one server. */
    static Value valueAt(TLCState state, String variable, Value server) {
        Value function = value(state, variable);
        if (function instanceof Applicable applicable) {
            return applicable.apply(server, EvalControl.Clear);
        }
        throw new IllegalStateException(variable + " is no function");
    }
}
