package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.LogSize;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other Rafts do not tell: judged by AnyRaft.tla, a trace without it comes to a verdict, or to the name of what it lacks. */
class UntoldTest {
    private static final int EVENTS = 1_500;

    private static TraceHeader header(int servers, Set<String> untold, Set<String> omits) {
        TraceHeader one = TestRuns.header(servers);
        Set<String> observes = new TreeSet<>(one.observes());
        observes.removeAll(untold);
        return new TraceHeader(TraceHeader.ANY_RAFT, one.servers(), observes, Map.of(), omits, null, Map.of());
    }

    private static Verdict validate(TraceHeader header, List<TraceEvent> events) {
        TraceValidator validator = TraceValidator.open(header, ValidatorOptions.DEFAULT.anyRaft(), "trace");
        for (TraceEvent event : events) {
            if (!validator.feed(event)) {
                break;
            }
        }
        return validator.verdict();
    }

    /** Logs and entries by how many they are, the values proposed not at all. */
    private static List<TraceEvent> counted(List<TraceEvent> events) {
        List<TraceEvent> counted = new ArrayList<>();
        for (TraceEvent event : events) {
            Map<String, Object> state = new LinkedHashMap<>(event.state());
            state.computeIfPresent("log", (k, log) -> {
                LogChange change = (LogChange) log;
                return new LogSize(change.from() - 1 + change.entries().size(), LogSize.UNKNOWN);
            });
            Map<String, Object> msg = event.msg() == null ? null : new LinkedHashMap<>(event.msg());
            if (msg != null) {
                msg.computeIfPresent(
                        "entries", (k, entries) -> new LogSize(((List<?>) entries).size(), LogSize.UNKNOWN));
            }
            counted.add(new TraceEvent(event.action(), event.node(), msg, event.sent(), null, state));
        }
        return counted;
    }

    private static List<TraceEvent> without(List<TraceEvent> events, Set<String> fields) {
        return changed(events, told -> {
            Map<String, Object> left = new LinkedHashMap<>(told);
            left.keySet().removeAll(fields);
            return left;
        });
    }

    private static List<TraceEvent> changed(List<TraceEvent> events, UnaryOperator<Map<String, Object>> change) {
        return events.stream()
                .map(event -> new TraceEvent(
                        event.action(),
                        event.node(),
                        event.msg() == null ? null : change.apply(event.msg()),
                        event.sent() == null ? null : change.apply(event.sent()),
                        event.value(),
                        change.apply(event.state())))
                .toList();
    }

    private static void accepted(TraceHeader header, List<TraceEvent> events) {
        Verdict verdict = validate(header, events);
        assertInstanceOf(Verdict.Accepted.class, verdict, verdict::toString);
        assertEquals(Map.of(), verdict.evidence().choices(), "this project's core makes no choice");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void countsOfEntriesAreEnough(int servers) {
        List<TraceEvent> events = counted(TestRuns.events(1, servers, EVENTS));
        accepted(header(servers, Set.of(), Set.of()), events);
        Set<String> commit = Set.of("commitIndex", "leaderCommit");
        accepted(header(servers, commit, Set.of()), without(events, commit));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void commitIndexesNeedNotBeTold(int servers) {
        Set<String> commit = Set.of("commitIndex", "leaderCommit");
        accepted(header(servers, commit, Set.of()), without(TestRuns.events(2, servers, EVENTS), commit));
    }

    @Test
    void sendsNeedNotBeTold() {
        List<TraceEvent> events = counted(TestRuns.events(3, 3, EVENTS)).stream()
                .filter(event -> !event.action().is(Action.SEND_APPEND_ENTRIES))
                .toList();
        Set<String> omits = Set.of("SendAppendEntries");
        accepted(header(3, Set.of(), omits), events);
        accepted(header(3, Set.of(), omits), without(events, Set.of("leaderCommit")));
    }

    @Test
    void aWrongCountDivergesAtItsLine() {
        List<TraceEvent> events = counted(TestRuns.events(4, 3, EVENTS));
        int lies = 0;
        for (int at = 0; at < events.size(); at += 1 + at / 8) {
            TraceEvent event = events.get(at);
            Map<String, Object> state = new HashMap<>(event.state());
            if (state.computeIfPresent("log", (k, log) -> new LogSize(((LogSize) log).length() + 1, LogSize.UNKNOWN))
                    != null) {
                List<TraceEvent> lied = new ArrayList<>(events.subList(0, at));
                lied.add(new TraceEvent(event.action(), event.node(), event.msg(), event.sent(), null, state));
                Verdict verdict = validate(header(3, Set.of(), Set.of()), lied);
                Verdict.Diverged diverged =
                        assertInstanceOf(Verdict.Diverged.class, verdict, () -> event + " " + verdict);
                assertEquals(lied.size() + 1, diverged.divergence().where().line());
                lies++;
            }
        }
        assertTrue(lies >= 3, "only " + lies);
    }

    /** What is open is tried in full only if what is likely fails; a vote that is not told, say. */
    @Test
    void whatIsOpenIsTried() {
        List<TraceEvent> events = TestRuns.events(5, 3, 300);
        Set<String> votes = Set.of("votedFor", "voteGranted");
        accepted(header(3, votes, Set.of()), without(events, Set.of("votedFor")));
        Verdict verdict = validate(header(3, votes, Set.of()), AnyRaftTest.events("""
                        {'event':'StartElection','node':'n1','state':{'currentTerm':1,'role':'Candidate','votesGranted':['n1']}}
                        {'event':'HandleRequestVote','node':'n2','msg':{'from':'n1'},'state':{'currentTerm':1}}
                        {'event':'HandleRequestVoteResponse','node':'n1','msg':{'from':'n2','voteGranted':false},'state':{'votesRefused':['n2']}}
                        """));
        assertInstanceOf(Verdict.Accepted.class, verdict, verdict::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prevLogIndex", "entries", "to"})
    void aSendThatMayBeAnyStopsAtOnceAndSaysWhatToTell(String field) {
        List<TraceEvent> events = without(TestRuns.events(6, 3, EVENTS), Set.of(field));
        Verdict.Undecided verdict =
                assertInstanceOf(Verdict.Undecided.class, validate(header(3, Set.of(), Set.of()), events));
        TraceEvent stopped = events.get((int) verdict.where().line() - 2);
        assertTrue(stopped.action().is(Action.SEND_APPEND_ENTRIES), stopped.toString());
        assertTrue(
                verdict.limit()
                        .endsWith("tell to whom it was sent, its prevLogIndex, and its entries or how many"
                                + " they are"),
                verdict.limit());
    }

    @Test
    void aCommitIndexToldSometimesIsAskedFor() {
        TraceHeader header = header(3, Set.of("commitIndex"), Set.of());
        List<TraceEvent> events = AnyRaftTest.events("""
                {'event':'StartElection','node':'n1','state':{'currentTerm':1,'votedFor':'n1','role':'Candidate','votesGranted':['n1']}}
                {'event':'HandleRequestVote','node':'n2','msg':{'from':'n1'},'sent':{'voteGranted':true},'state':{'currentTerm':1,'votedFor':'n1'}}
                {'event':'HandleRequestVoteResponse','node':'n1','msg':{'from':'n2'},'state':{'role':'Leader','votesGranted':[],'log':{'length':1}}}
                {'event':'SendAppendEntries','node':'n1','msg':{'to':'n2','prevLogIndex':0,'entries':{'length':1}}}
                {'event':'HandleAppendEntries','node':'n2','msg':{'from':'n1'},'sent':{'success':true,'matchIndex':1},'state':{'log':{'length':1}}}
                {'event':'HandleAppendEntriesResponse','node':'n1','msg':{'from':'n2'},'state':{'matchIndex':{'n2':1}}}
                {'event':'Ignore','node':'n1','state':{'commitIndex':0}}
                """);
        Verdict.Undecided verdict = assertInstanceOf(Verdict.Undecided.class, validate(header, events));
        assertTrue(verdict.limit().endsWith("tell commitIndex after every event"), verdict.limit());
    }
}
