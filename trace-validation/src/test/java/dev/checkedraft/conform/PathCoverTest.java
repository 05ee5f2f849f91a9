package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.drive.Level;
import dev.checkedraft.explore.Bounds;
import dev.checkedraft.explore.PathCover;
import dev.checkedraft.explore.SpecStepCheck;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Port;
import dev.checkedraft.port.PortLines;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every step that a server can take within small bounds is asked of a port, and one wrong branch is seen. */
class PathCoverTest {
    private static final Bounds BOUNDS = new Bounds(2, 2, 2, 1);

    private static PathCover.Paths cover;

    @BeforeAll
    static void explore() {
        cover = PathCover.of(BOUNDS, new SpecStepCheck(BOUNDS.servers()));
    }

    private static ConformReport check(Supplier<Port> nodes) throws InterruptedException {
        return new Conformance(PortLines.pipes(nodes), Kit.options(0, 1, Level.ALL)).cover(cover, totals -> {});
    }

    @Test
    void theJavaCoreTakesEveryStep() throws InterruptedException {
        assertEquals(1_192, cover.edges());
        ConformReport report = check(JavaPort::new);
        report.mustConform();
        assertEquals(cover.paths().size(), report.totals().runs());
        System.out.println(report.text());
    }

    /** Right but for one branch. */
    private abstract static class OneBranch implements Port {
        final Port right = new JavaPort();

        @Override
        public Answer start(Config config, DurableState durable) {
            return right.start(config, durable);
        }

        @Override
        public Answer tick() {
            return right.tick();
        }

        @Override
        public Answer electionTimeout() {
            return right.electionTimeout();
        }

        @Override
        public Answer heartbeat() {
            return right.heartbeat();
        }

        @Override
        public Answer propose(String value) {
            return right.propose(value);
        }
    }

    /** An empty AppendEntries at whose place there is no such entry is answered as if there were. */
    private static final class EmptySucceeds extends OneBranch {
        @Override
        public Answer receive(Message message) {
            Answer answer = right.receive(message);
            if (message instanceof AppendEntries m
                    && m.entries().isEmpty()
                    && answer.send().stream().anyMatch(sent -> sent.containsValue(m.term()))) {
                return answer.sending(
                        List.of(new AppendEntriesResponse(m.term(), m.to(), m.from(), true, m.prevLogIndex())));
            }
            return answer;
        }
    }

    /** An acknowledgement of two entries is not taken in. */
    private static final class AcknowledgementIgnored extends OneBranch {
        @Override
        public Answer receive(Message message) {
            if (message instanceof AppendEntriesResponse m && m.success() && m.matchIndex() == 2) {
                return Answer.did(Action.HANDLE_APPEND_ENTRIES_RESPONSE);
            }
            return right.receive(message);
        }
    }

    @Test
    void oneWrongBranchIsSeen() throws InterruptedException {
        for (Supplier<Port> wrong : List.<Supplier<Port>>of(EmptySucceeds::new, AcknowledgementIgnored::new)) {
            ConformReport report = check(wrong);
            assertEquals(ConformReport.Verdict.DOES_NOT_CONFORM, report.verdict());
            assertTrue(report.schedule().size() <= 20, report.toString());
            System.out.println(report.text());
        }
    }
}
