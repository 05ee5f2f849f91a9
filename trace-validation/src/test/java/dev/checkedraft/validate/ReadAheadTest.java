package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceFormatException;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.trace.TraceWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Reading in another thread gives what reading gives. */
class ReadAheadTest {
    private static byte[] trace(int events, String end) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(bytes, TestRuns.header(3))) {
            TestRuns.events(4, 3, events).forEach(writer::accept);
        }
        bytes.write(end.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static TraceReader open(byte[] trace) throws IOException {
        return TraceReader.open(new ByteArrayInputStream(trace), "t", TraceLimits.DEFAULT);
    }

    @Test
    void eventsAndLinesAreTheSame() throws IOException {
        for (int events : new int[] {0, 1, 255, 256, 257, 5000}) {
            byte[] trace = trace(events, "");
            try (TraceReader plain = open(trace);
                    TraceReader behind = open(trace);
                    ReadAhead<TraceEvent> ahead = ReadAhead.of(behind, event -> event)) {
                for (int k = 0; k < events; k++) {
                    assertEquals(plain.next(), ahead.next());
                    assertEquals(plain.line(), ahead.line());
                }
                assertNull(ahead.next());
                assertNull(ahead.next());
            }
        }
    }

    @Test
    void anErrorComesAfterTheEventsBeforeIt() throws IOException {
        try (ReadAhead<TraceEvent> ahead = ReadAhead.of(open(trace(300, "nonsense")), event -> event)) {
            for (int k = 0; k < 300; k++) {
                ahead.next();
            }
            String message =
                    assertThrows(TraceFormatException.class, ahead::next).getMessage();
            assertEquals("t:302:", String.valueOf(message).substring(0, 6), String.valueOf(message));
        }
    }

    @Test
    void itCanBeClosedBeforeTheEnd() throws IOException {
        try (ReadAhead<TraceEvent> ahead = ReadAhead.of(open(trace(9000, "")), event -> event)) {
            ahead.next();
        }
    }
}
