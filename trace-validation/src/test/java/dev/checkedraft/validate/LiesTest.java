package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What no Raft may say, planted in traces of this project's own: AnyRaft.tla, which allows more than Raft.tla, allows none of
 * it. Each lie is one that matters: less acknowledged or committed than could be is none.
 */
class LiesTest {
    private static final int EACH = 12;
    private static final int SERVERS = 3;
    private static final TraceHeader HEADER = TestRuns.header(SERVERS);

    enum Lie {
        /** A term that no message brought. */
        TERM,
        /** A vote for another than the candidate. */
        VOTE,
        /** A vote that is told as given where it was refused. */
        VOTE_GIVEN,
        /** An index acknowledged beyond the log. */
        ACKNOWLEDGED,
        /** A leader's commit index beyond what a majority holds. */
        COMMIT_OF_LEADER,
        /** A follower's commit index beyond its leader's. */
        COMMIT_OF_FOLLOWER,
        /** An entry of another term. */
        ENTRY_TERM,
        /** An entry with another value. */
        ENTRY_VALUE,
        /** An acknowledged entry that a restart has lost. */
        ENTRY_LOST,
        /** A leader believes more than it was told. */
        MATCH
    }

    @ParameterizedTest
    @EnumSource
    void everyLieDivergesAtItsLine(Lie lie) {
        int planted = 0;
        for (int seed = 1; planted < EACH; seed++) {
            List<TraceEvent> events = new ArrayList<>(TestRuns.events(seed, SERVERS, 500));
            int at = plant(lie, events, new Random(seed));
            if (at < 0) {
                continue;
            }
            planted++;
            Verdict.Diverged verdict =
                    assertInstanceOf(Verdict.Diverged.class, validate(events), lie + " of seed " + seed);
            assertEquals(at + 2, verdict.divergence().where().line(), lie + " of seed " + seed + ": " + events.get(at));
        }
    }

    private static Verdict validate(List<TraceEvent> events) {
        TraceValidator validator = TraceValidator.open(HEADER, ValidatorOptions.DEFAULT.anyRaft(), "trace");
        for (TraceEvent event : events) {
            if (!validator.feed(event)) {
                break;
            }
        }
        return validator.verdict();
    }

    /** Plants a lie in one of the events for which it is one; its place, or -1 if there is none. */
    private static int plant(Lie lie, List<TraceEvent> events, Random random) {
        List<Integer> places = new ArrayList<>();
        List<TraceEvent> lies = new ArrayList<>();
        Map<String, Long> lengths = new HashMap<>();
        Set<String> acknowledged = new HashSet<>();
        Map<String, Object> votes = new HashMap<>();
        for (int k = 0; k < events.size(); k++) {
            TraceEvent event = events.get(k);
            if (event.state().get("log") instanceof LogChange log) {
                lengths.put(event.node(), log.from() - 1 + log.entries().size());
            }
            Map<String, Object> sent = event.sent();
            if (sent != null
                    && sent.get("matchIndex") instanceof Long index
                    && index > 0
                    && Boolean.TRUE.equals(sent.get("success"))) {
                acknowledged.add(event.node());
            }
            votes.putAll(
                    event.state().containsKey("votedFor")
                            ? Map.of(event.node(), event.state().get("votedFor"))
                            : Map.of());
            // A vote may be given again.
            boolean isVotersOwn = event.msg() != null
                    && Optional.ofNullable(event.msg().get("from")).equals(votes.get(event.node()));
            boolean hasRoom = switch (lie) {
                case ENTRY_LOST -> acknowledged.contains(event.node());
                case VOTE_GIVEN -> !isVotersOwn;
                default -> true;
            };
            TraceEvent told = hasRoom ? told(lie, event, lengths.getOrDefault(event.node(), 0L)) : null;
            if (told != null) {
                places.add(k);
                lies.add(told);
            }
        }
        if (places.isEmpty()) {
            return -1;
        }
        int chosen = random.nextInt(places.size());
        events.set(places.get(chosen), lies.get(chosen));
        return places.get(chosen);
    }

    /** The event with a lie in it; null if it has no room for one. */
    private static TraceEvent told(Lie lie, TraceEvent event, long length) {
        Map<String, Object> state = new LinkedHashMap<>(event.state());
        Map<String, Object> sent = event.sent() == null ? null : new LinkedHashMap<>(event.sent());
        boolean isRoom = switch (lie) {
            // An election that a crash ended may leave a newer term.
            case TERM ->
                !event.action().is(Action.RESTART)
                        && state.computeIfPresent("currentTerm", (k, term) -> (Long) term + 1) != null;
            case VOTE ->
                state.get("votedFor") instanceof Optional<?> vote
                        && vote.isPresent()
                        && state.put("votedFor", Optional.of(vote.get().equals("n1") ? "n2" : "n1")) != null;
            case VOTE_GIVEN ->
                sent != null && Boolean.FALSE.equals(sent.get("voteGranted")) && sent.put("voteGranted", true) != null;
            case ACKNOWLEDGED ->
                sent != null && Boolean.TRUE.equals(sent.get("success")) && sent.put("matchIndex", length + 1) != null;
            case COMMIT_OF_LEADER ->
                event.action().is(Action.HANDLE_APPEND_ENTRIES_RESPONSE)
                        && state.computeIfPresent("commitIndex", (k, index) -> (Long) index + 1) != null;
            case COMMIT_OF_FOLLOWER ->
                event.action().is(Action.HANDLE_APPEND_ENTRIES)
                        && event.msg() != null
                        && event.msg().get("leaderCommit") instanceof Long commit
                        && commit.equals(state.get("commitIndex"))
                        && state.put("commitIndex", commit + 1) != null;
            case ENTRY_TERM, ENTRY_VALUE ->
                state.get("log") instanceof LogChange log
                        && !log.entries().isEmpty()
                        && state.put("log", other(log, lie == Lie.ENTRY_TERM)) != null;
            case ENTRY_LOST -> false;
            case MATCH ->
                state.get("matchIndex") instanceof Map<?, ?> match
                        && event.action().is(Action.HANDLE_APPEND_ENTRIES_RESPONSE)
                        && state.put("matchIndex", more(match)) != null;
        };
        if (lie == Lie.ENTRY_LOST && event.action().is(Action.RESTART) && length > 0) {
            state.put("log", new LogChange(1, List.of()));
            isRoom = true;
        }
        return isRoom ? new TraceEvent(event.action(), event.node(), event.msg(), sent, event.value(), state) : null;
    }

    private static LogChange other(LogChange log, boolean term) {
        List<Entry> entries = new ArrayList<>(log.entries());
        Entry last = entries.remove(entries.size() - 1);
        entries.add(term ? new Entry(last.term() + 1, last.value()) : new Entry(last.term(), "other"));
        return new LogChange(log.from(), entries);
    }

    private static Map<String, Object> more(Map<?, ?> match) {
        Map<String, Object> more = new LinkedHashMap<>();
        match.forEach((peer, index) -> more.put(String.valueOf(peer), (Long) index + 1));
        return more;
    }
}
