package dev.checkedraft.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    private static final List<String> MODULES = List.of(
            "Raft.tla",
            "RaftProperties.tla",
            "ReplicatedLog.tla",
            "RaftInduction.tla",
            "RaftRefinement.tla",
            "AnyRaft.tla");

    private static final Pattern COMMENT = Pattern.compile("\\(\\*.*?\\*\\)|\\\\\\*[^\n]*", Pattern.DOTALL);

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

    /**
     * What rests on majorities, for so many servers, where what a majority is is counted and no axiom tells; `raft prove
     * --servers` proves the rest of the same.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void allIsProvedWithMajoritiesCounted(int servers) throws Exception {
        List<Obligation> counted =
                Proof.read(SPEC, "RaftInduction", servers).obligations(OF_MAJORITIES::contains).stream()
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
            List<Obligation> safety = Proof.read(spec, "RaftInduction", servers).obligations("ElectionSafety"::equals);
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
        ALL.forEach(one -> texts.put(one.id(), one.text()));
        Proof.read(SPEC, "RaftInduction").obligations().forEach(one -> assertEquals(texts.get(one.id()), one.text()));
        assertFalse(texts.isEmpty());
    }

    /** Where a formula asks for what TLA+ leaves open, be it an entry that is not there, a field, or a term's log. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Raft.tla; IF index = 0 THEN 0 ELSE entries[index].term; entries[index].term; StartElection",
                "Raft.tla; IF index <= Len(log[i]) THEN log[i][index].term = t ELSE FALSE; log[i][index].term = t;"
                        + " HandleAppendEntries",
                "Raft.tla; ![m.from] = Max(@, m.matchIndex)]; ![m.from] = Max(@, m.prevLogIndex)];"
                        + " HandleAppendEntriesResponse",
                "RaftInduction.tla; AskMsg == \\A m \\in; AskMsg == termLog[0] = << >> \\/ \\A m \\in; ''",
            })
    void aFormulaThatAsksForWhatIsNotThereIsSeen(String module, String right, String wrong, String action)
            throws Exception {
        List<Obligation> some =
                Proof.read(edited(module, right, wrong), "RaftInduction").obligations("DEFINED"::equals).stream()
                        .filter(one -> one.action().equals(action))
                        .toList();
        assertEquals(Set.of("DEFINED"), lost(prove(some)));
    }

    @Test
    void aCommentChangesNothing() throws IOException {
        Path spec = copy();
        for (String module : MODULES) {
            String text = Files.readString(spec.resolve(module));
            String bare = COMMENT.matcher(text).replaceAll("");
            assertTrue(bare.length() < text.length());
            Files.writeString(spec.resolve(module), bare);
        }
        Map<String, String> texts = new TreeMap<>();
        ALL.forEach(one -> texts.put(one.id(), one.text()));
        List<Obligation> bare = Proof.read(spec, "RaftInduction").obligations();
        assertEquals(texts.size(), bare.size());
        bare.forEach(one -> assertEquals(texts.get(one.id()), one.text()));
    }

    /** A step of Raft that AnyRaft does not have is seen: one that commits what its leader has not. */
    @Test
    void aStepThatIsNoneOfAnyRaftsIsSeen() throws Exception {
        Path spec = edited("Raft.tla", "Max(@, Min(m.leaderCommit, lastNew))", "Max(@, lastNew)");
        assertEquals(Set.of("RefinesAnyRaft"), lost(spec, Set.of("RefinesAnyRaft"), "HandleAppendEntries"));
    }

    /** Conjuncts in another order are the same formulas in another order. */
    @Test
    void anotherOrderChangesNoVerdict() throws Exception {
        Random random = new Random(5);
        List<Obligation> some = new ArrayList<>();
        for (int k = 0; k < ALL.size(); k += 5) {
            some.add(shuffled(ALL.get(k), random));
        }
        assertEquals(Set.of(), lost(prove(some)));
    }

    private static Obligation shuffled(Obligation one, Random random) {
        List<String> lines = new ArrayList<>(one.text().lines().toList());
        List<String> formulas =
                lines.stream().filter(line -> line.startsWith("(assert ")).collect(Collectors.toList());
        int first = lines.indexOf(formulas.get(0));
        lines.removeAll(formulas);
        List<String> before = List.copyOf(formulas);
        Collections.shuffle(formulas, random);
        assertTrue(formulas.size() < 5 || !formulas.equals(before), one::id);
        lines.addAll(first, formulas);
        return new Obligation(
                one.claim(),
                one.action(),
                one.way(),
                one.step(),
                one.part(),
                one.uses(),
                one.goal(),
                String.join("\n", lines) + "\n");
    }

    private static List<Obligation> all() {
        try {
            return Proof.read(SPEC, "RaftInduction").obligations();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> lost(Path spec, Set<String> claims, String action) throws Exception {
        List<Obligation> some = Proof.read(spec, "RaftInduction").obligations(claims::contains).stream()
                .filter(one -> one.action().equals(action))
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
        Path spec = copy();
        String text = Files.readString(spec.resolve(file));
        int at = text.indexOf(find);
        assertTrue(at >= 0 && text.indexOf(find, at + 1) < 0, () -> "not once: " + find);
        Files.writeString(spec.resolve(file), text.replace(find, replace));
        return spec;
    }

    private Path copy() throws IOException {
        Files.createDirectories(directory.resolve("proof"));
        Files.copy(SPEC.resolve("proof/RaftInduction.json"), directory.resolve("proof/RaftInduction.json"));
        for (String module : MODULES) {
            Files.copy(SPEC.resolve(module), directory.resolve(module));
        }
        return directory;
    }
}
