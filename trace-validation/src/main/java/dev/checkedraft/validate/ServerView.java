package dev.checkedraft.validate;

import dev.checkedraft.core.Entry;
import dev.checkedraft.tlc.Entries;
import dev.checkedraft.tlc.SpecEvaluator;
import java.util.ArrayList;
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
    private final long baseTerm;
    private final int baseLog;

    ServerView(TLCState state, Value server) {
        this(state, server, 0, 0);
    }

    private ServerView(TLCState state, Value server, long baseTerm, int baseLog) {
        this.state = state;
        this.server = server;
        this.baseTerm = baseTerm;
        this.baseLog = baseLog;
    }

    /** The same in a cluster that began in that term, with so many no-ops of term 1, when the trace counts from there. */
    public ServerView from(long term, int log) {
        return new ServerView(state, server, term, log);
    }

    public boolean leads() {
        return value("role") instanceof StringValue role && role.val.equals("Leader");
    }

    public long currentTerm() {
        return baseTerm + number("currentTerm");
    }

    /** Whether it gave its vote in its term. */
    public boolean hasVoted() {
        return !(value("votedFor") instanceof StringValue vote && vote.val.equals(""));
    }

    public int commitIndex() {
        int known = number("commitIndex");
        return known == 0 ? 0 : baseLog + known;
    }

    public int lastIndex() {
        return baseLog + LogValue.length(value("log"));
    }

    /** The term of an entry; 0 at index 0. */
    public long termAt(int index) {
        return index == 0 ? 0 : entries(index - 1, 1).get(0).term();
    }

    /** A slice of the log: so many entries after an index. */
    public List<Entry> entries(int after, int count) {
        List<Entry> entries = new ArrayList<>();
        for (int index = after + 1; index <= Math.min(baseLog, after + count); index++) {
            entries.add(Entry.noOp(1));
        }
        IntValue first = IntValue.gen(Math.max(0, after - baseLog) + 1);
        IntValue last = IntValue.gen(Math.max(0, after + count - baseLog));
        for (Entry entry : Entries.list(LogValue.subSeq(value("log"), first, last))) {
            entries.add(new Entry(baseTerm + entry.term(), entry.value()));
        }
        return entries;
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
