package dev.checkedraft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * A follower against a naive twin of it: the five rules that figure 2 has for the receiver of AppendEntries, one line a
 * rule, on plain lists. A leader's log is cut into slices, which arrive in any order and any number of times.
 */
class AppendEntriesModelTest {
    private static final long TERM = 7;

    /** A slice of the leader's log, in thousandths, so that it is one of a log of any length. */
    record Slice(int after, int upTo, int leaderCommit, boolean old) {
        AppendEntries of(List<Entry> leadersLog) {
            int size = leadersLog.size();
            int prevLogIndex = after * size / 1000;
            int end = prevLogIndex + upTo * (size - prevLogIndex) / 1000;
            // A message of a former leader differs in nothing but its term.
            List<Entry> entries = leadersLog.subList(0, end);
            return new Peer("s2", old ? TERM - 1 : TERM, Node.ID)
                    .append(entries, prevLogIndex, leaderCommit * size / 1000);
        }
    }

    record TwoLogs(List<Entry> followers, List<Entry> leaders) {}

    /** The naive twin. */
    private static final class Follower {
        final List<Entry> log;
        long commitIndex = 0;

        Follower(List<Entry> log) {
            this.log = new ArrayList<>(log);
        }

        /** Whether it accepts the message. */
        boolean receives(AppendEntries m) {
            // 1. Reply false if term < currentTerm.
            if (m.term() < TERM) {
                return false;
            }
            // 2. Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm.
            if (m.prevLogIndex() > 0
                    && (log.size() < m.prevLogIndex()
                            || log.get((int) m.prevLogIndex() - 1).term() != m.prevLogTerm())) {
                return false;
            }
            for (int k = 0; k < m.entries().size(); k++) {
                int at = (int) m.prevLogIndex() + k;
                // 3. If an existing entry conflicts with a new one, delete the existing entry and all that follow it.
                if (at < log.size() && log.get(at).term() != m.entries().get(k).term()) {
                    while (log.size() > at) {
                        log.remove(log.size() - 1);
                    }
                }
                // 4. Append any new entries not already in the log.
                if (at == log.size()) {
                    log.add(m.entries().get(k));
                }
            }
            // 5. If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry).
            if (m.leaderCommit() > commitIndex) {
                commitIndex = Math.max(
                        commitIndex,
                        Math.min(
                                m.leaderCommit(), m.prevLogIndex() + m.entries().size()));
            }
            return true;
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void aFollowerDoesWhatFigure2Says(
            @ForAll("logs") TwoLogs logs, @ForAll @Size(max = 8) List<@From("slices") Slice> slices) {
        Node s1 = Node.follower(3, TERM, logs.followers());
        Follower twin = new Follower(logs.followers());

        for (Slice slice : slices) {
            AppendEntries m = slice.of(logs.leaders());
            List<Entry> before = s1.log();
            boolean success = twin.receives(m);

            s1.receives(m);

            long matchIndex = success ? m.lastNewIndex() : m.prevLogIndex();
            assertEquals(new AppendEntriesResponse(TERM, "s1", "s2", success, matchIndex), s1.reply());
            assertEquals(twin.log, s1.log());
            assertEquals(twin.commitIndex, s1.commitIndex());
            Statistics.collect(what(success, before, s1.log()));
        }
        Statistics.coverage(coverage -> {
            coverage.check("refused").percentage(p -> p > 1);
            coverage.check("nothing new").percentage(p -> p > 1);
            coverage.check("longer").percentage(p -> p > 1);
            coverage.check("a conflict removed").percentage(p -> p > 1);
        });
    }

    private static String what(boolean success, List<Entry> before, List<Entry> after) {
        if (!success) {
            return "refused";
        }
        if (after.equals(before)) {
            return "nothing new";
        }
        boolean longer =
                after.size() > before.size() && after.subList(0, before.size()).equals(before);
        return longer ? "longer" : "a conflict removed";
    }

    /** Logs that have a common beginning and then part, never to meet again, as Log Matching demands. */
    @Provide
    Arbitrary<TwoLogs> logs() {
        // Half of the followers hold nothing that their leader does not.
        Arbitrary<List<Long>> followersTail = Arbitraries.oneOf(Arbitraries.just(List.of()), terms(3, 5));
        return Combinators.combine(terms(1, 2), followersTail, terms(4, 6))
                .as((common, followers, leaders) -> new TwoLogs(log(common, followers), log(common, leaders)));
    }

    private static Arbitrary<List<Long>> terms(long one, long other) {
        return Arbitraries.of(one, other)
                .list()
                .ofMaxSize(5)
                .map(terms -> terms.stream().sorted().toList());
    }

    private static List<Entry> log(List<Long> common, List<Long> tail) {
        return Logs.log(Stream.of(common, tail)
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .toArray());
    }

    @Provide
    Arbitrary<Slice> slices() {
        Arbitrary<Integer> part =
                Arbitraries.integers().between(0, 1000).withDistribution(RandomDistribution.uniform());
        Arbitrary<Boolean> old = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
        return Combinators.combine(part, part, part, old).as(Slice::new);
    }

    /** The generator makes what it says. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void slicesAreSlices(@ForAll("logs") TwoLogs logs, @ForAll("slices") Slice slice) {
        List<Entry> log = logs.leaders();
        AppendEntries m = slice.of(log);

        assertTrue(m.lastNewIndex() <= log.size() && m.leaderCommit() <= log.size());
        IntStream.range(0, m.entries().size())
                .forEach(k -> assertEquals(
                        log.get((int) m.prevLogIndex() + k), m.entries().get(k)));
    }
}
