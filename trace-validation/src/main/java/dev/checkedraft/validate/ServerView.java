package dev.checkedraft.validate;

import dev.checkedraft.core.Entry;
import dev.checkedraft.tlc.Entries;
import dev.checkedraft.tlc.SpecEvaluator;
import java.util.List;
import tlc2.tool.TLCState;
import tlc2.value.impl.IntValue;
import tlc2.value.impl.LogValue;
import tlc2.value.impl.StringValue;
import tlc2.value.impl.Value;

/** A server's variables in the only state of the spec that explains a trace so far. */
public final class ServerView {
    private final TLCState state;
    private final Value server;

    ServerView(TLCState state, Value server) {
        this.state = state;
        this.server = server;
    }

    public boolean leads() {
        return value("role") instanceof StringValue role && role.val.equals("Leader");
    }

    public long currentTerm() {
        return number("currentTerm");
    }

    /** Whether it gave its vote in its term. */
    public boolean hasVoted() {
        return !(value("votedFor") instanceof StringValue vote && vote.val.equals(""));
    }

    public int commitIndex() {
        return number("commitIndex");
    }

    public int lastIndex() {
        return LogValue.length(value("log"));
    }

    /** The term of an entry; 0 at index 0. */
    public long termAt(int index) {
        return index == 0 ? 0 : entries(index - 1, 1).get(0).term();
    }

    /** A slice of the log: so many entries after an index. */
    public List<Entry> entries(int after, int count) {
        return Entries.list(LogValue.subSeq(value("log"), IntValue.gen(after + 1), IntValue.gen(after + count)));
    }

    public boolean hasLogOf(ServerView other) {
        return value("log").equals(other.value("log"));
    }

    private int number(String variable) {
        return ((IntValue) value(variable)).val;
    }

    private Value value(String variable) {
        return SpecEvaluator.valueAt(state, variable, server);
    }
}
