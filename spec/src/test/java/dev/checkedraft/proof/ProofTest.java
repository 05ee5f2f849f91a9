package dev.checkedraft.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProofTest {
    /** The folder of the spec, as it is. */
    private static final Path SPEC = Path.of("").toAbsolutePath();

    private static final Set<String> OF_MAJORITIES = Set.of(
            "ElectionSafety",
            "LeaderVotes",
            "NewLeader",
            "NewLeaderLacks",
            "LaterLeaders",
            "ChosenKept",
            "LeaderCommits",
            "LeaderCompleteness",
            "CommittedEntriesSurvive");

    @TempDir
    private Path directory;

    @Test
    void allIsProved() throws Exception {
        List<Verdict> verdicts = prove(Proof.read(SPEC, "RaftInduction").obligations());
        assertEquals(Set.of(), lost(verdicts), () -> "not proved");
        verdicts.forEach(verdict -> assertTrue(
                verdict.effort() * 10 <= Prover.LIMIT,
                () -> verdict.obligation().id() + " is near its limit"));
        System.out.println(verdicts.size() + " obligations, effort "
                + verdicts.stream().mapToLong(Verdict::effort).sum());
    }

    /**
     * What rests on majorities, for so many servers, where what a majority is is counted and no axiom tells; `raft prove
     * --servers` proves the rest of the same.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void allIsProvedWithMajoritiesCounted(int servers) throws Exception {
        List<Obligation> counted = Proof.read(SPEC, "RaftInduction", servers).obligations().stream()
                .filter(one -> OF_MAJORITIES.contains(one.claim()))
                .filter(one -> one.text().contains("(declare-fun card "))
                .toList();
        counted.forEach(one -> assertFalse(one.text().contains("(declare-fun both "), one::id));
        List<Verdict> verdicts = prove(counted);
        assertEquals(Set.of(), lost(verdicts), () -> "not proved");
        assertEquals(
                OF_MAJORITIES,
                verdicts.stream().map(verdict -> verdict.obligation().claim()).collect(Collectors.toSet()));
        System.out.println(verdicts.size() + " obligations for " + servers + " servers");
    }

    /** Of four servers, two are half: no axiom hides that. */
    @Test
    void halfOfFourServersAreNoMajority() throws Exception {
        Path spec = edited(
                "Raft.tla",
                "2 * Cardinality(servers) > Cardinality(Server)",
                "2 * Cardinality(servers) >= Cardinality(Server)");
        for (int servers = 3; servers <= 4; servers++) {
            List<Obligation> safety = Proof.read(spec, "RaftInduction", servers).obligations().stream()
                    .filter(one -> one.claim().equals("ElectionSafety"))
                    .toList();
            assertEquals(servers == 4 ? Set.of("ElectionSafety") : Set.of(), lost(prove(safety)));
        }
    }

    /** An obligation is lost where Raft is wrong, and no other that is asked for here. */
    @Test
    void aWrongRaftLosesAnObligation() throws Exception {
        String guard = "granted  == m.term = term /\\ voted \\in {Nil, m.from} /\\ upToDate";
        Path spec = edited("Raft.tla", guard, "granted  == m.term = term /\\ upToDate");
        assertEquals(Set.of("BallotNow"), lost(spec, Set.of("BallotNow", "LogTerms"), "HandleRequestVote"));
    }

    @Test
    void halfOfTheServersAreNoMajority() throws Exception {
        Path spec = edited(
                "Raft.tla",
                "2 * Cardinality(servers) > Cardinality(Server)",
                "2 * Cardinality(servers) >= Cardinality(Server)");
        assertEquals(Set.of("ElectionSafety"), lost(spec, Set.of("ElectionSafety", "LogMatching"), ""));
    }

    @Test
    void aFalseConjunctIsNotProved() throws Exception {
        Path spec = edited(
                "RaftInduction.tla",
                "CommittedLen == \\A i \\in Server : commitIndex[i] <= Len(committed)",
                "CommittedLen == \\A i \\in Server : commitIndex[i] < Len(committed)");
        assertEquals(Set.of("CommittedLen"), lost(spec, Set.of("CommittedLen"), "Init"));
    }

    @Test
    void aPlanUsesOnlyWhatIsProvedBefore() throws IOException {
        Path spec = edited(
                "proof/RaftInduction.json", "\"uses\": [\"TypeOK\", \"MessagesOK\"]", "\"uses\": [\"CommitCert'\"]");
        IOException e = assertThrows(IOException.class, () -> Proof.read(spec, "RaftInduction"));
        assertTrue(
                String.valueOf(e.getMessage()).contains("uses CommitCert', which is not proved before it"),
                e::toString);
    }

    /** The same obligations, word for word, each time. */
    @Test
    void theObligationsAreTheSameEachTime() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        Proof.read(SPEC, "RaftInduction").obligations().forEach(one -> texts.put(one.id(), one.text()));
        Proof.read(SPEC, "RaftInduction").obligations().forEach(one -> assertEquals(texts.get(one.id()), one.text()));
        assertFalse(texts.isEmpty());
    }

    private static Set<String> lost(Path spec, Set<String> claims, String action) throws Exception {
        List<Obligation> some = Proof.read(spec, "RaftInduction").obligations().stream()
                .filter(one -> claims.contains(one.claim()) && one.action().equals(action))
                .toList();
        return lost(prove(some));
    }

    private static Set<String> lost(List<Verdict> verdicts) {
        Set<String> lost = new TreeSet<>();
        verdicts.stream()
                .filter(verdict -> !verdict.isProved())
                .forEach(verdict -> lost.add(verdict.obligation().claim()));
        return lost;
    }

    private static List<Verdict> prove(List<Obligation> obligations) throws InterruptedException {
        return Prover.onAllProcessors().prove(obligations, verdict -> {});
    }

    /** A copy of the spec with a text in place of another that occurs once. */
    private Path edited(String file, String find, String replace) throws IOException {
        Files.createDirectories(directory.resolve("proof"));
        for (String name : List.of(
                "Raft.tla",
                "RaftProperties.tla",
                "ReplicatedLog.tla",
                "RaftInduction.tla",
                "proof/RaftInduction.json")) {
            Files.copy(SPEC.resolve(name), directory.resolve(name));
        }
        String text = Files.readString(directory.resolve(file));
        int at = text.indexOf(find);
        assertTrue(at >= 0 && text.indexOf(find, at + 1) < 0, () -> "not once: " + find);
        Files.writeString(directory.resolve(file), text.replace(find, replace));
        return directory;
    }
}
