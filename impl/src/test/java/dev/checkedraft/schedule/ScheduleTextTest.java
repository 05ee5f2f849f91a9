package dev.checkedraft.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.MessageKind;
import dev.checkedraft.schedule.Decision.CrashDuring;
import dev.checkedraft.schedule.Decision.Deliver;
import dev.checkedraft.schedule.Decision.HealAll;
import dev.checkedraft.schedule.Decision.Partition;
import dev.checkedraft.schedule.Decision.Tick;
import dev.checkedraft.search.RandomSchedules.Plan;
import dev.checkedraft.trace.TraceSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text form of schedules: what is written is read again, and what is wrong is named with its line. */
class ScheduleTextTest {
    @Property(tries = 200)
    void aScheduleIsReadAsItWasWritten(@ForAll long seed) {
        Schedule schedule = Plan.of(seed, 200).run(TraceSink.NONE).schedule();
        assertEquals(schedule, Schedule.parse(schedule.text()));
    }

    @Test
    void blanksAndCommentsSayNothing() {
        Schedule schedule = Schedule.parse("""
                # a comment
                nodes 3   # three

                  tick   n1
                deliver n1 n2 RequestVote crash-after-sending 1
                deliver n2 n1 RequestVoteResponse -2
                deliver n2 n3
                partition n1 n2
                heal
                """);
        assertEquals(
                List.of(
                        new Tick(1),
                        new CrashDuring(new Deliver(new MessageRef(1, 2, MessageKind.REQUEST_VOTE, 0)), 1),
                        new Deliver(new MessageRef(2, 1, MessageKind.REQUEST_VOTE_RESPONSE, -2)),
                        new Deliver(MessageRef.oldest(2, 3)),
                        new Partition(List.of(1, 2)),
                        new HealAll()),
                schedule.decisions());
        assertEquals(Setup.of(3, 0), schedule.setup());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes 10|1: a node is numbered 1 to 9, not 10",
                "nodes x|1: a number of nodes is expected, not \"x\"",
                "tick n1|1: \"nodes\" belongs before the first decision",
                "seed 1|1: \"nodes\", with the size of the cluster, is missing",
                "nodes 3;tick n4|2: no node is called \"n4\": they are n1 to n3",
                "nodes 3;tick|2: a node is missing",
                "nodes 3;tick n1 n2|2: unexpected \"n2\"",
                "nodes 3;;jump n1|3: no decision is called \"jump\"",
                "nodes 3;deliver n1 n1|2: n1 has no link to itself",
                "nodes 3;deliver n1 n2 Vote|2: unexpected \"Vote\"",
                "nodes 3;deliver n1 n2 RequestVote x|2: which message of its kind is expected, not \"x\"",
                "nodes 3;propose n1|2: a value is missing",
                "nodes 3;tick n1 crash-after-sending -1|2: a number of messages sent is not negative: -1",
                "nodes 3;send n1 n1 0 0 0|2: n1 has no link to itself",
                "nodes 3;send n1 n2 0 1|2: a commit index is missing",
                "nodes 3;send n1 n2 -1 1 0|2: the index before the slice is not negative: -1",
                "nodes 3;recover|2: a number of ticks is missing",
                "nodes 3;base-log 4;tick n1|2: a cluster cannot begin in term 0 with 4 entries of term 1",
                "nodes 3;names a b|2: a cluster of 3 has as many different names, not [a, b]",
                "nodes 3;names a b a|2: a cluster of 3 has as many different names, not [a, b, a]",
                "nodes 2;names a b/c|2: a server's name, 1 to 64 characters of A-Z a-z 0-9 _ . : - is expected, not \"b/c\"",
                "nodes 3;tick n1;nodes 2|3: \"nodes\" belongs before the first decision",
                "nodes 3;election-timeout 3 2;tick n1|3: 1 <= heartbeat interval < shortest election timeout",
            })
    void whatIsWrongIsNamedWithItsLine(String text, String message) {
        ScheduleFormatException e =
                assertThrows(ScheduleFormatException.class, () -> Schedule.parse(text.replace(';', '\n')));
        assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    }

    /** Decisions name the nodes n1 to n9 all the same. */
    @Test
    void nodesOfAPortMayBeCalledSomethingElse() {
        String text =
                Schedule.parse("nodes 2\nnames db-1:2380 n1\ntimeout n2\n").text();
        assertTrue(text.endsWith("names db-1:2380 n1\ntimeout n2\n"), text);
        assertEquals(List.of("db-1:2380", "n1"), Schedule.parse(text).setup().names());
    }

    @Test
    void aFileIsNamedInItsErrors(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("new/some.txt");
        new Schedule(Setup.of(2, 1), List.of(new Tick(2))).save(file, "what it shows");
        assertTrue(Files.readString(file).startsWith("# what it shows\nnodes 2\n"));
        assertEquals(List.of(new Tick(2)), Schedule.load(file).decisions());
        Files.writeString(file, "nodes 2\ntock n1\n");
        ScheduleFormatException e = assertThrows(ScheduleFormatException.class, () -> Schedule.load(file));
        assertEquals(file + ":2: no decision is called \"tock\"", e.getMessage());
    }
}
