package dev.checkedraft.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No proof uses what it does not need, and there is no conjunct for which no other has a use. */
class ProofUsesTest {
    /** What is claimed for its own sake: the properties of Raft, and of what kind its variables are. */
    private static final Set<String> ENDS = Set.of(
            "TypeOK",
            "MessagesOK",
            "HistoryOK",
            "ElectionSafety",
            "LogMatching",
            "LeaderCompleteness",
            "StateMachineSafety",
            "LeaderHasAllAckedValues",
            "CommittedEntriesSurvive",
            "MatchIndexIsTrue",
            "LeaderAppendOnly",
            "TermNeverGoesBack",
            "OneVoteATerm",
            "CommitIndexNeverGoesBack",
            "MatchIndexNeverGoesBack",
            "CommittedIsAppendOnly",
            "RefinesReplicatedLog");

    private static final Prover PROVER = new Prover(1, Prover.LIMIT / 10, 0);

    @ParameterizedTest
    @ValueSource(strings = {"RaftInduction", "AnyRaftInduction"})
    void eachUseIsNeeded(String plan) throws Exception {
        Proof proof = Proof.read(Path.of("").toAbsolutePath(), plan);
        Map<String, List<Obligation>> bySameUses = new LinkedHashMap<>();
        proof.obligations().stream()
                .filter(one -> proof.claims().contains(one.claim()))
                .forEach(one -> bySameUses
                        .computeIfAbsent(one.claim() + " uses " + one.uses(), k -> new ArrayList<>())
                        .add(one));
        List<String> needless = new ArrayList<>();
        Set<String> needed = new LinkedHashSet<>(ENDS);
        int uses = 0;
        for (List<Obligation> group : bySameUses.values()) {
            for (String use : group.get(0).uses()) {
                uses++;
                if (group.stream()
                        .allMatch(one -> PROVER.prove(without(use, one)).isProved())) {
                    needless.add(group.get(0).claim() + " uses " + use);
                } else if (!use.replace("'", "").equals(group.get(0).claim())) {
                    needed.add(use.replace("'", ""));
                }
            }
        }
        System.out.println(uses + " uses, each needed");
        assertEquals(List.of(), needless);
        assertEquals(
                List.of(),
                proof.claims().stream().filter(claim -> !needed.contains(claim)).toList());
    }

    /** The obligation where one thing less is known. */
    private static Obligation without(String use, Obligation whole) {
        String text = whole.text()
                .lines()
                .filter(line -> !line.endsWith(" ; " + use))
                .collect(Collectors.joining("\n", "", "\n"));
        return new Obligation(
                whole.claim(),
                whole.action(),
                whole.way(),
                whole.step(),
                whole.part(),
                whole.uses(),
                whole.goal(),
                text);
    }
}
