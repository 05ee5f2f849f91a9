package dev.checkedraft.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Mutant;
import dev.checkedraft.spec.manifest.SpecFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AnyRaft is proved, and is not where a permission is widened. */
class AnyRaftProofTest {
    private static final String PLAN = "AnyRaftInduction";

    private static final SpecFiles SPEC = SpecFiles.in(Path.of(""));

    /** The obligations of the spec as it is. */
    private static final List<Obligation> ALL = all();

    @TempDir
    private Path directory;

    @Test
    void allIsProved() throws Exception {
        List<Verdict> verdicts = prove(ALL);
        assertEquals(Set.of(), lost(verdicts), () -> "not proved");
        verdicts.forEach(verdict -> assertTrue(
                verdict.effort() * 10 <= Prover.LIMIT,
                () -> verdict.obligation().id() + " is near its limit"));
        System.out.println(verdicts.size() + " obligations, effort "
                + verdicts.stream().mapToLong(Verdict::effort).sum());
    }

    @ParameterizedTest
    @CsvSource({
        "any-vote-for-two, BallotNow",
        "any-vote-for-less, VoteUpToDate",
        "any-vote-without-term, VoteSent",
        "any-votes-kept, VotesCounted",
        "any-lead-without-quorum, LeaderVotes",
        "any-elections-do-not-meet, ElectionSafety",
        "any-commit-does-not-meet, ChosenKept",
        "any-step-down-forgets-vote, BallotNow",
        "any-older-term-counted, LeaderCommits",
        "any-commit-past-quorum, LeaderCommits",
        "any-leader-counts-unflushed, LeaderCommits",
        "any-leader-counts-unflushed-and-loses, LeaderCommits",
        "any-ack-unflushed, NewAcks",
        "any-ack-unmatched, NewAcks",
        "any-older-term-ack, MatchAcked",
        "any-match-believed, MatchAcked",
        "any-heartbeat-unbounded, HeartbeatMsg",
        "any-commit-untold, CommitCert",
        "any-commit-unmatched, FollowerCommits",
        "any-append-unchecked, LogTerms",
        "any-append-of-older-term, TermLogGrows",
        "any-truncate-present, HeldStays",
        "any-propose-not-leading, LogTerms",
        "any-flush-drops, TermDiskKept",
        "any-restart-loses-flushed, HeldStays",
        "any-restart-forgets-vote, BallotNow",
        "any-restart-commits-more, CommitCert",
        "any-restart-commits-old-tail, CommitCert",
        "any-snapshot-uncommitted, MsgCommit",
    })
    void losesAClaim(String mutant, String claim) throws Exception {
        List<Verdict> verdicts = prove(changed(mutant, claim::equals));
        assertTrue(verdicts.stream().anyMatch(verdict -> verdict.result() == Verdict.Result.OPEN), verdicts::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"any-noop-always"})
    void aControlKeepsAll(String mutant) throws Exception {
        List<Obligation> changed = changed(mutant, claim -> true);
        assertNotEquals(List.of(), changed);
        assertEquals(Set.of(), lost(prove(changed)));
    }

    /** What is safe, but for another reason than the invariant's: an acknowledgement in a term that has no leader yet. */
    @ParameterizedTest
    @CsvSource("any-success-to-older-term, NewAcks")
    void isNotProvedThoughSafe(String mutant, String claim) throws Exception {
        losesAClaim(mutant, claim);
    }

    /** Where AnyRaft permits too little, it is as safe, but Raft is none. */
    @ParameterizedTest
    @ValueSource(strings = {"any-commits-later-only", "any-refusal-hint", "any-refused-for-ever"})
    void raftIsNoNarrowerOne(String mutant) throws Exception {
        Path root = mutant(mutant).apply(SPEC, directory).root();
        List<Verdict> verdicts = prove(Proof.read(root, "RaftInduction").obligations("RefinesAnyRaft"::equals));
        assertTrue(verdicts.stream().anyMatch(verdict -> verdict.result() == Verdict.Result.OPEN), verdicts::toString);
    }

    /** All mutants of AnyRaft are here. */
    @Test
    void eachMutantLosesAClaimOrKeepsAll() throws Exception {
        Set<String> told = new TreeSet<>();
        for (Method method : AnyRaftProofTest.class.getDeclaredMethods()) {
            CsvSource rows = method.getAnnotation(CsvSource.class);
            if (rows != null) {
                Stream.of(rows.value())
                        .map(row -> row.substring(0, row.indexOf(',')))
                        .forEach(told::add);
            }
            ValueSource values = method.getAnnotation(ValueSource.class);
            if (values != null) {
                told.addAll(List.of(values.strings()));
            }
        }
        Set<String> all = new TreeSet<>();
        mutants().forEach(mutant -> all.add(mutant.id()));
        assertEquals(all, told);
    }

    /** All that is supposed of a step together shows no contradiction: FALSE is proved of no way through an action. */
    @Test
    void falseIsProvedOfNoStep() throws Exception {
        SpecFiles copy = SPEC.copyTo(directory);
        Path module = copy.root().resolve(PLAN + ".tla");
        String text = Files.readString(module);
        Files.writeString(
                module,
                text.substring(0, text.indexOf("\n===="))
                        + "\nNothing == \\A i \\in Server : commitIndex'[i] # commitIndex'[i]\n====\n");
        Path plan = copy.root().resolve("proof/" + PLAN + ".json");
        String claims = Files.readString(plan).stripTrailing();
        String uses = Proof.read(SPEC.root(), PLAN).claims().stream()
                .filter(claim -> !claim.equals("CommitIndexNeverGoesBack"))
                .map(claim -> '"' + claim + '"')
                .collect(Collectors.joining(", "));
        int end = claims.lastIndexOf(']');
        Files.writeString(
                plan,
                claims.substring(0, end) + ", {\"name\": \"Nothing\", \"sort\": \"step\", \"uses\": [" + uses + "]}"
                        + claims.substring(end));
        List<Obligation> nothing = Proof.read(copy.root(), PLAN).obligations("Nothing"::equals).stream()
                .filter(one -> one.step() >= 0)
                .toList();
        assertEquals(
                ALL.stream()
                        .filter(one -> one.step() >= 0 && !one.claim().equals("CASE"))
                        .map(Obligation::step)
                        .collect(Collectors.toSet()),
                nothing.stream().map(Obligation::step).collect(Collectors.toSet()));
        List<Verdict> verdicts = new Prover(2, Prover.LIMIT / 20, 0).prove(nothing, verdict -> {});
        assertEquals(List.of(), verdicts.stream().filter(Verdict::isProved).toList());
    }

    /** A quorum that elects may not miss one that commits: the assumption on constants is used, and needed. */
    @Test
    void quorumsMeet() throws Exception {
        SpecFiles copy = SPEC.copyTo(directory);
        Path plan = copy.root().resolve("proof/" + PLAN + ".json");
        String text = Files.readString(plan);
        String without = text.replace("\"QuorumsMeet\"", "");
        assertNotEquals(text, without);
        Files.writeString(plan, without);
        List<Obligation> some = Proof.read(copy.root(), PLAN)
                .obligations(Set.of("ElectionSafety", "ChosenKept", "LogMatching")::contains);
        assertEquals(Set.of("ElectionSafety", "ChosenKept"), lost(prove(some)));
    }

    /** The obligations of a mutant that are not, word for word, those of the spec as it should be. */
    private List<Obligation> changed(String id, Predicate<String> claims) throws IOException {
        Set<String> proved = new HashSet<>();
        ALL.forEach(one -> proved.add(one.text()));
        return Proof.read(mutant(id).apply(SPEC, directory).root(), PLAN).obligations(claims).stream()
                .filter(one -> !proved.contains(one.text()))
                .toList();
    }

    private static Mutant mutant(String id) throws IOException {
        return mutants().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    private static List<Mutant> mutants() throws IOException {
        List<Mutant> mutants = new ArrayList<>(SPEC.mutants("any.json").all());
        mutants.addAll(SPEC.mutants("any-slow.json").all());
        return mutants;
    }

    private static List<Obligation> all() {
        try {
            return Proof.read(SPEC.root(), PLAN).obligations();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Verdict> prove(List<Obligation> obligations) throws InterruptedException {
        return Prover.onAllProcessors().prove(obligations, verdict -> {});
    }

    private static Set<String> lost(List<Verdict> verdicts) {
        Set<String> lost = new TreeSet<>();
        verdicts.stream()
                .filter(verdict -> !verdict.isProved())
                .forEach(verdict -> lost.add(verdict.obligation().claim()));
        return lost;
    }
}
