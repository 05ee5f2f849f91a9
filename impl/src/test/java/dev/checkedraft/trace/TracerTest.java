package dev.checkedraft.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.core.RaftNode;
import dev.checkedraft.core.Ready;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a server does, told by what changed. */
class TracerTest {
    private static final List<String> SERVERS = List.of("a", "b", "c");

    private final List<TraceEvent> events = new ArrayList<>();
    private final Tracer tracer = new Tracer("a", List.of("b", "c"), events::add);
    private RaftNode node = RaftNode.restart(Config.of("a", SERVERS, 1), DurableState.INITIAL);

    private void handled(Message message) {
        events.clear();
        tracer.handled(node, message, null, node.step(message));
    }

    private void startsElection() {
        events.clear();
        tracer.handled(node, null, null, node.startElection());
    }

    private void proposes(String value) {
        events.clear();
        tracer.handled(node, null, value, node.propose(value));
    }

    private void leads() {
        startsElection();
        handled(new RequestVoteResponse(1, "b", "a", true));
    }

    private Map<String, Object> state() {
        return events.get(0).state();
    }

    @Test
    void anElectionIsOneEventWithWhatItsRequestsHaveInCommon() {
        startsElection();

        assertEquals(
                List.of(new TraceEvent(
                        Action.START_ELECTION,
                        "a",
                        null,
                        Map.of("term", 1L, "lastLogIndex", 0L, "lastLogTerm", 0L),
                        null,
                        Map.of(
                                "currentTerm",
                                1L,
                                "votedFor",
                                Optional.of("a"),
                                "role",
                                "Candidate",
                                "votesGranted",
                                List.of("a")))),
                events);
    }

    @Test
    void anAnswerIsInTheEventOfItsRequest() {
        handled(new RequestVote(3, "b", "a", 0, 0));

        assertEquals(
                List.of(new TraceEvent(
                        Action.HANDLE_REQUEST_VOTE,
                        "a",
                        Map.of(
                                "type",
                                "RequestVote",
                                "term",
                                3L,
                                "from",
                                "b",
                                "to",
                                "a",
                                "lastLogIndex",
                                0L,
                                "lastLogTerm",
                                0L),
                        Map.of("term", 3L, "voteGranted", true),
                        null,
                        Map.of("currentTerm", 3L, "votedFor", Optional.of("b")))),
                events);
    }

    /** The input comes first, since it made the state that what is sent depends on. */
    @Test
    void theInputComesBeforeTheAppendEntriesItLedTo() {
        startsElection();

        handled(new RequestVoteResponse(1, "b", "a", true));

        assertEquals(
                List.of(
                        TraceAction.HANDLE_REQUEST_VOTE_RESPONSE,
                        TraceAction.SEND_APPEND_ENTRIES,
                        TraceAction.SEND_APPEND_ENTRIES),
                events.stream().map(TraceEvent::action).toList());
        assertEquals(null, events.get(0).sent(), "AppendEntries are events of their own");
        assertEquals(
                Map.of("role", "Leader", "votesGranted", List.of(), "log", new LogChange(1, List.of(Entry.noOp(1)))),
                state());
        assertEquals(
                new TraceEvent(
                        Action.SEND_APPEND_ENTRIES,
                        "a",
                        Map.of(
                                "type",
                                "AppendEntries",
                                "term",
                                1L,
                                "from",
                                "a",
                                "to",
                                "c",
                                "prevLogIndex",
                                0L,
                                "prevLogTerm",
                                0L,
                                "entries",
                                List.of(Entry.noOp(1)),
                                "leaderCommit",
                                0L),
                        null,
                        null,
                        Map.of()),
                events.get(2));
    }

    @Test
    void anElectionWonAtOnceIsOneEvent() {
        Tracer alone = new Tracer("a", List.of(), events::add);
        RaftNode single = RaftNode.restart(Config.of("a", List.of("a"), 1), DurableState.INITIAL);

        alone.handled(single, null, null, single.startElection());

        assertEquals(
                List.of(new TraceEvent(
                        Action.START_ELECTION,
                        "a",
                        null,
                        null,
                        null,
                        Map.of(
                                "currentTerm",
                                1L,
                                "votedFor",
                                Optional.of("a"),
                                "role",
                                "Leader",
                                "commitIndex",
                                1L,
                                "log",
                                new LogChange(1, List.of(Entry.noOp(1)))))),
                events);
    }

    @Test
    void aProposalIsToldWithItsValue() {
        leads();

        proposes("x");

        assertEquals("x", events.get(0).value());
        assertEquals(Map.of("log", new LogChange(2, List.of(new Entry(1, "x")))), state());
        assertEquals(null, events.get(0).msg());
        assertEquals(3, events.size());
    }

    @Test
    void onlyTheMatchIndexesThatChangedAreTold() {
        leads();

        handled(new AppendEntriesResponse(1, "c", "a", true, 1));

        assertEquals(Map.of("commitIndex", 1L, "matchIndex", Map.of("c", 1L)), state());
    }

    @Test
    void anInputThatChangesNothingIsAnEventAllTheSame() {
        leads();
        handled(new RequestVoteResponse(1, "c", "a", true));

        assertEquals(1, events.size());
        assertEquals(Map.of(), state());
        assertEquals(TraceAction.HANDLE_REQUEST_VOTE_RESPONSE, events.get(0).action());
    }

    @Test
    void aTickThatOnlyCountsIsNoEventAndAHeartbeatIsOnlySent() {
        leads();
        events.clear();

        for (int tick = 1; tick <= 3; tick++) {
            tracer.handled(node, null, null, node.tick());
        }

        assertEquals(
                List.of(TraceAction.SEND_APPEND_ENTRIES, TraceAction.SEND_APPEND_ENTRIES),
                events.stream().map(TraceEvent::action).toList());
    }

    /** What a role had and the next one has not is told too: it is nothing, or 0, from now on. */
    @Test
    void whatEndsWithARoleIsToldAsReset() {
        leads();
        handled(new AppendEntriesResponse(1, "c", "a", true, 1));

        handled(new AppendEntriesResponse(4, "b", "a", false, 0));

        assertEquals(
                Map.of(
                        "currentTerm",
                        4L,
                        "votedFor",
                        Optional.empty(),
                        "role",
                        "Follower",
                        "matchIndex",
                        Map.of("c", 0L)),
                state());
    }

    @Test
    void aRefusedCandidateIsToldAsReset() {
        startsElection();
        handled(new RequestVoteResponse(1, "b", "a", false));
        assertEquals(Map.of("votesRefused", List.of("b")), state());

        handled(new RequestVoteResponse(1, "c", "a", false));
        assertEquals(Map.of("role", "Follower", "votesGranted", List.of(), "votesRefused", List.of()), state());
    }

    @Test
    void aRestartTellsWhatWasLost() {
        leads();
        handled(new AppendEntriesResponse(1, "b", "a", true, 1));
        DurableState durable = node.durableState();
        events.clear();

        node = RaftNode.restart(Config.of("a", SERVERS, 1), durable);
        tracer.restarted(node);

        assertEquals(
                List.of(new TraceEvent(
                        Action.RESTART,
                        "a",
                        null,
                        null,
                        null,
                        Map.of("role", "Follower", "commitIndex", 0L, "matchIndex", Map.of("b", 0L)))),
                events);
    }

    /** Term, vote and log are what they were: a restart that changes nothing else tells nothing. */
    @Test
    void aRestartOfAFollowerThatKnewOfNoCommitTellsNothing() {
        handled(new AppendEntries(2, "b", "a", 0, 0, List.of(new Entry(1, "x")), 0));
        assertEquals(
                Map.of("success", true, "matchIndex", 1L, "term", 2L),
                events.get(0).sent());
        events.clear();

        node = RaftNode.restart(Config.of("a", SERVERS, 1), node.durableState());
        tracer.restarted(node);

        assertEquals(Map.of(), state());
    }

    /** A crash before the Ready was persisted: the server never did it, so the trace tells nothing of it. */
    @Test
    void whatACrashUndidWasNeverTold() {
        handled(new RequestVote(3, "b", "a", 0, 0));
        events.clear();
        RaftNode crashed = node.copy();
        Ready lost = crashed.startElection();
        assertEquals(new HardState(4, "a"), lost.hardState());

        node = RaftNode.restart(Config.of("a", SERVERS, 1), node.durableState());
        tracer.restarted(node);

        assertEquals(Map.of(), state());
    }

    @Test
    void fieldsAreNamedAsInTheSpecAndInItsOrder() {
        assertEquals(
                List.of("type", "term", "from", "to", "lastLogIndex", "lastLogTerm"),
                List.copyOf(Tracer.fields(new RequestVote(1, "a", "b", 0, 0)).keySet()));
        assertEquals(
                List.of("type", "term", "from", "to", "voteGranted"),
                List.copyOf(Tracer.fields(new RequestVoteResponse(1, "a", "b", true))
                        .keySet()));
        assertEquals(
                List.of("type", "term", "from", "to", "prevLogIndex", "prevLogTerm", "entries", "leaderCommit"),
                List.copyOf(Tracer.fields(new AppendEntries(1, "a", "b", 0, 0, List.of(), 0))
                        .keySet()));
        assertEquals(
                List.of("type", "term", "from", "to", "success", "matchIndex"),
                List.copyOf(Tracer.fields(new AppendEntriesResponse(1, "a", "b", true, 0))
                        .keySet()));
    }
}
