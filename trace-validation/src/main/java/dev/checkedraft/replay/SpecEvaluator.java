package dev.checkedraft.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tla2sany.semantic.OpDefNode;
import tlc2.tool.Action;
import tlc2.tool.StateVec;
import tlc2.tool.TLCState;
import tlc2.tool.impl.FastTool;
import tlc2.util.Context;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import util.SimpleFilenameToStream;
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

    /** Clusters seen lately. Making an evaluator takes a parser that keeps global state, so it is done under this lock. */
    private static final Map<List<String>, SpecEvaluator> CACHE = new LinkedHashMap<>(16, 0.75f, true);

    private static final int CACHE_SIZE = 64;

    private final FastTool tool;
    private final Cluster cluster;
    private final Action traceNext;
    private final Action freeStep;
    private final TLCState initial;

    static SpecEvaluator of(List<String> servers) {
        synchronized (CACHE) {
            SpecEvaluator evaluator = CACHE.get(servers);
            if (evaluator == null) {
                evaluator = new SpecEvaluator(new Cluster(servers));
                CACHE.put(List.copyOf(servers), evaluator);
                if (CACHE.size() > CACHE_SIZE) {
                    CACHE.remove(CACHE.keySet().iterator().next());
                }
            }
            return evaluator;
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
                tool = new FastTool(
                        dir.toString(), "RaftTrace", "RaftTrace", new SimpleFilenameToStream(dir.toString()));
            } finally {
                for (String file : List.of("Raft.tla", "RaftTrace.tla", "RaftTrace.cfg")) {
                    Files.deleteIfExists(dir.resolve(file));
                }
                Files.delete(dir);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        traceNext = action(tool, "TraceNext");
        freeStep = action(tool, "FreeStep");
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

    private static Action action(FastTool tool, String name) {
        OpDefNode definition = definition(tool, name);
        return new Action(definition.getBody(), Context.Empty, definition);
    }

    private static OpDefNode definition(FastTool tool, String name) {
        OpDefNode definition = tool.getRootModule().getOpDef(UniqueString.uniqueStringOf(name));
        if (definition == null) {
            throw new IllegalArgumentException("the spec does not define " + name);
        }
        return definition;
    }

    Cluster cluster() {
        return cluster;
    }

    FastTool tool() {
        return tool;
    }

    /** The state in which every trace begins. */
    TLCState initial() {
        return initial;
    }

    /** The states after an event that agree with all it reports. */
    List<TLCState> next(TLCState before) {
        return successors(traceNext, before);
    }

    /** The states after an event, whatever it reports of them. */
    List<TLCState> free(TLCState before) {
        return successors(freeStep, before);
    }

    private List<TLCState> successors(Action action, TLCState before) {
        StateVec states = tool.getNextStates(action, before);
        if (states.size() == 1) {
            return List.of(states.elementAt(0));
        }
        List<TLCState> result = new ArrayList<>(states.size());
        for (int k = 0; k < states.size(); k++) {
            result.add(states.elementAt(k));
        }
        return result;
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
    static SetEnumValue messages(TLCState state) {
        SetEnumValue messages = (SetEnumValue) ((Value) state.lookup(MESSAGES)).toSetEnum();
        if (messages == null) {
            throw new IllegalStateException("messages is no finite set");
        }
        return messages;
    }

    static Value value(TLCState state, String variable) {
        return (Value) state.lookup(UniqueString.uniqueStringOf(variable));
    }
}
