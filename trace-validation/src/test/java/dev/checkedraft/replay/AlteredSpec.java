package dev.checkedraft.replay;

import dev.checkedraft.trace.TraceHeader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Replay against a spec that was altered. */
public final class AlteredSpec {
    private final String raft;
    private final Map<List<String>, SpecEvaluator> evaluators = new HashMap<>();

    /** With this text of Raft.tla. */
    public AlteredSpec(String raft) {
        this.raft = raft;
    }

    public TraceValidator open(TraceHeader header) {
        SpecEvaluator spec = evaluators.computeIfAbsent(header.servers(), servers -> SpecEvaluator.of(servers, raft));
        return TraceValidator.open(header, ValidatorOptions.DEFAULT, "trace", spec);
    }
}
