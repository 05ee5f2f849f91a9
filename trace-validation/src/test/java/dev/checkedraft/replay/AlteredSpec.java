package dev.checkedraft.replay;

import dev.checkedraft.spec.manifest.Mutant;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.validate.TraceValidator;
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

    /** Raft.tla with a mutant's edits. */
    public static String text(Mutant mutant) {
        String text = SpecEvaluator.raft();
        for (Mutant.Edit edit : mutant.edits()) {
            if (edit.file().equals("Raft.tla")) {
                text = text.replace(edit.find(), edit.replace());
            }
        }
        return text;
    }

    public TraceValidator open(TraceHeader header) {
        SpecEvaluator spec = evaluators.computeIfAbsent(header.servers(), servers -> SpecEvaluator.of(servers, raft));
        return TraceValidator.open(header, ValidatorOptions.DEFAULT, "trace", spec);
    }
}
