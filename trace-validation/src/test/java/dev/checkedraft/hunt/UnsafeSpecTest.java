package dev.checkedraft.hunt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.checkedraft.replay.AlteredSpec;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.spec.manifest.Mutants;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.validate.TraceValidator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Where the spec has the same bug as the code, replay finds nothing wrong with a single step; the safety properties, checked
 * along the trace, do.
 */
class UnsafeSpecTest {
    private static final int RUNS = 20;

    /** The property that each breaks first. */
    private static final Map<String, String> BROKEN = Map.ofEntries(
            Map.entry("vote-ignores-last-index", "LeaderCompleteness"),
            Map.entry("vote-twice", "OneVoteATerm"),
            Map.entry("vote-forgotten", "OneVoteATerm"),
            Map.entry("campaign-same-term", "OneVoteATerm"),
            Map.entry("prev-term-unchecked", "LogMatching"),
            Map.entry("prev-zero-blind", "LogMatching"),
            Map.entry("truncate-always", "CommittedEntriesSurvive"),
            Map.entry("leader-drops-suffix", "LeaderCompleteness"),
            Map.entry("match-not-max", "MatchIndexNeverGoesBack"),
            Map.entry("match-on-refusal", "MatchIndexIsTrue"),
            Map.entry("ack-before-durable", "MatchIndexIsTrue"));

    @Test
    void aBugInSpecAndCodeBreaksAPropertyAlongATrace() throws Exception {
        Mutants mutants = Mutants.read(Path.of("../spec/mutants/mutants.json"));
        Map<String, String> found = new TreeMap<>();
        for (Bug bug : Bug.catalogue()) {
            if (BROKEN.containsKey(bug.id())) {
                found.put(
                        bug.id(),
                        firstBroken(
                                bug,
                                new AlteredSpec(
                                        AlteredSpec.text(mutants.find(bug.id()).orElseThrow()))));
            }
        }
        assertEquals(new TreeMap<>(BROKEN), found);
    }

    /** The property that is broken in the first run in which one is. */
    private static String firstBroken(Bug bug, AlteredSpec spec) throws Exception {
        Method trace = PlantedCore.loader(PlantedCore.compile(bug))
                .loadClass(Nets.class.getName())
                .getMethod("trace", int.class);
        for (int seed = 1; seed <= RUNS; seed++) {
            Verdict verdict = validate((byte[]) trace.invoke(null, seed), spec);
            if (verdict instanceof Verdict.Unsafe unsafe) {
                assertEquals(verdict.evidence().events() - 1, verdict.evidence().safe());
                return unsafe.property();
            }
            assertInstanceOf(Verdict.Accepted.class, verdict, bug.id() + ", run " + seed);
        }
        return "none";
    }

    private static Verdict validate(byte[] trace, AlteredSpec spec) throws IOException {
        try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(trace), "trace", TraceLimits.DEFAULT)) {
            TraceValidator validator = spec.open(reader.header());
            TraceEvent event = reader.next();
            while (event != null && validator.feed(event)) {
                event = reader.next();
            }
            return validator.verdict();
        }
    }
}
