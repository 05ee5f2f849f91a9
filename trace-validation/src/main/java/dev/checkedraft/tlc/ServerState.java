package dev.checkedraft.tlc;

import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import tlc2.tool.TLCState;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;
import tlc2.value.impl.ValueExcept;
import util.UniqueString;

/**
 * The variables of one server. A step of a server reads and changes nothing else but messages: so what it can do is the same
 * in all states of a cluster that have this part in common.
 */
public final class ServerState {
    private static final List<UniqueString> VARIABLES = List.of(
            UniqueString.uniqueStringOf("currentTerm"),
            UniqueString.uniqueStringOf("votedFor"),
            UniqueString.uniqueStringOf("role"),
            UniqueString.uniqueStringOf("commitIndex"),
            UniqueString.uniqueStringOf("matchIndex"),
            UniqueString.uniqueStringOf("votesGranted"),
            UniqueString.uniqueStringOf("votesRefused"),
            UniqueString.uniqueStringOf("log"),
            UniqueString.uniqueStringOf("stored"));

    private final Value server;
    private final Value[] values = new Value[VARIABLES.size()];
    private final int hash;

    private ServerState(TLCState state, Value server) {
        this.server = server;
        int h = 0;
        for (int k = 0; k < values.length; k++) {
            Value value = at(state, VARIABLES.get(k), server);
            values[k] = value;
            h = 31 * h + hash(value);
        }
        hash = h;
    }

    public static ServerState of(TLCState state, Value server) {
        return new ServerState(state, server);
    }

    private static Value at(TLCState state, UniqueString variable, Value server) {
        return SpecEvaluator.at((Value) state.lookup(variable), server);
    }

    /** Of numbers and names, one by one or by server; of sequences and sets only the size. */
    private static int hash(Value value) {
        if (value instanceof IntValue number) {
            return number.val;
        }
        if (value instanceof StringValue string) {
            return string.val.getTok();
        }
        if (value instanceof FcnRcdValue byServer) {
            int h = 0;
            for (Value each : byServer.values) {
                h = 31 * h + hash(each);
            }
            return h;
        }
        return value.size();
    }

    /** Another state of the cluster with this server's part put in; all else is shared with it. */
    public TLCState in(TLCState cluster) {
        TLCState state = cluster.copy();
        for (int k = 0; k < values.length; k++) {
            UniqueString variable = VARIABLES.get(k);
            if (!at(cluster, variable, server).equals(values[k])) {
                Value function = (Value) cluster.lookup(variable);
                state.bind(variable, function.takeExcept(new ValueExcept(new Value[] {server}, values[k])));
            }
        }
        return state;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerState s
                && hash == s.hash
                && server.equals(s.server)
                && Arrays.equals(values, s.values);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
