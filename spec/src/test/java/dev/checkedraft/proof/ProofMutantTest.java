package dev.checkedraft.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.smt.Untranslatable;
import dev.checkedraft.spec.manifest.Mutant;
import dev.checkedraft.spec.manifest.SpecFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A spec with one thing wrong is not proved, and one with a harmless change is. */
class ProofMutantTest {
    private static final SpecFiles SPEC = SpecFiles.in(Path.of(""));

    /** What is proved of the spec as it should be. */
    private static final Set<String> PROVED = proved();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "vote-ignores-last-term, VoteUpToDate",
        "vote-ignores-last-index, VoteUpToDate",
        "vote-twice, BallotNow",
        "vote-forgotten, BallotNow",
        "term-forgotten, BallotTerm",
        "vote-before-durable, BallotNow",
        "campaign-same-term, BallotNow",
        "half-quorum, ElectionSafety",
        "stale-append, AckBound",
        "prev-term-unchecked, LogTerms",
        "prev-zero-blind, LogTerms",
        "truncate-always, AckNow",
        "leader-drops-suffix, NewLeaderLacks",
        "figure-8, LeaderCommits",
        "commit-unbounded, TypeOK",
        "commit-on-refusal, TypeOK",
        "match-not-max, MatchIndexNeverGoesBack",
        "match-on-refusal, MatchAcked",
        "leader-counted-twice, LeaderCommits",
        "ack-before-durable, NewAcks",
        "old-term-ack, MatchAcked",
        "old-term-vote, LeaderVotes",
        "tail-kept, LogTerms",
        "commit-beyond-message, CommitCert",
        "empty-append-unchecked, NewAcks",
        "leader-kept, BallotNow",
        "vote-reset-in-term, BallotNow",
        "commit-goes-back, CommitIndexNeverGoesBack",
        "vote-stored-before-term, OneVoteATerm",
        "match-is-own-log, MatchAcked",
        "truncate-on-refusal, AckNow",
    })
    void losesAClaim(String mutant, String claim) throws Exception {
        List<Obligation> changed = changed(mutant, claim::equals);
        List<Verdict> verdicts = Prover.onAllProcessors().prove(changed, verdict -> {});
        assertTrue(verdicts.stream().anyMatch(verdict -> verdict.result() == Verdict.Result.OPEN), verdicts::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"vote-not-reset-is-safe", "commit-scan-breaks-is-safe", "no-noop-is-safe", "back-off-too-far"})
    void aControlKeepsAll(String mutant) throws Exception {
        // Which parameters of AnyRaft's a step takes is said of Raft as it is: another Raft takes others.
        List<Obligation> changed = changed(mutant, claim -> !claim.equals("RefinesAnyRaft"));
        assertNotEquals(List.of(), changed);
        List<Verdict> verdicts = Prover.onAllProcessors().prove(changed, verdict -> {});
        assertEquals(
                List.of(),
                verdicts.stream().filter(verdict -> !verdict.isProved()).toList());
    }

    /** All mutants are here. */
    @Test
    void eachMutantLosesAClaimOrKeepsAll() throws Exception {
        Set<String> told = new TreeSet<>(List.of("duplicate-votes"));
        told.addAll(List.of(method("losesAClaim").getAnnotation(CsvSource.class).value()).stream()
                .map(row -> row.substring(0, row.indexOf(',')))
                .toList());
        told.addAll(List.of(
                method("aControlKeepsAll").getAnnotation(ValueSource.class).strings()));
        Set<String> all = new TreeSet<>();
        SPEC.mutants().all().forEach(mutant -> {
            // Those of liveness are there again as controls.
            if (!mutant.module().equals("MCLiveness")) {
                all.add(mutant.id());
            }
        });
        assertEquals(all, told);
    }

    private static Method method(String name) {
        return Stream.of(ProofMutantTest.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Two copies of a vote are told apart by a tag, which makes a set of two kinds. So the prover refuses the mutant, and
     * proves nothing of it; that it breaks safety is shown by TLC, on hunt-four.
     */
    @Test
    void aSetOfTwoKindsIsNotTranslated() {
        assertThrows(Untranslatable.class, () -> changed("duplicate-votes", claim -> true));
    }

    /** The obligations of a mutant that are not, word for word, those of the spec as it should be. */
    private List<Obligation> changed(String id, Predicate<String> claims) throws IOException {
        Mutant mutant = SPEC.mutants().find(id).orElseThrow();
        SpecFiles copy = mutant.apply(SPEC, directory);
        return Proof.read(copy.root(), "RaftInduction").obligations(claims).stream()
                .filter(one -> !PROVED.contains(one.text()))
                .toList();
    }

    private static Set<String> proved() {
        try {
            Set<String> texts = new HashSet<>();
            Proof.read(SPEC.root(), "RaftInduction").obligations().forEach(one -> texts.add(one.text()));
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
