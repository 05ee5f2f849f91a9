package dev.checkedraft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap of 300 MB is enough for any trace: there is a verdict, or a line that names the limit and what helps, exit code 3. */
@Timeout(600)
class HeapLimitsTest {
    private static final String HEAP = "give the JVM more, as in RAFT_JAVA_OPTS=-Xmx4g";

    @Test
    void hostileTracesEndInAVerdictOrAtALimit() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("many candidates", "3 | more than 10000 spec states explain the trace up to here");
        expected.put("400 proposals of 1 MB", "3 | " + HEAP);
        expected.put("slices of a megabyte", "1 | no such message was sent");
        expected.put("file: slices of a megabyte", "1 | no such message was sent");
        expected.put("sends that tell nothing", "3 | tell its prevLogIndex, entries and leaderCommit");
        expected.put("a long log", "3 | " + HEAP);
        expected.put("any Raft: many candidates", "3 | more than 10000 spec states explain the trace up to here");
        expected.put(
                "any Raft: sends that tell nothing", "3 | tell to whom it was sent, its prevLogIndex, and its entries");
        expected.put("any Raft: a long log", "3 | " + HEAP);
        ChildJvm child = ChildJvm.run(HostileHeap.class, expected.keySet().toArray(String[]::new));
        assertEquals(0, child.exit(), child.err());
        assertEquals(expected.size(), child.err().lines().count(), child.err());
        child.err().lines().forEach(line -> {
            String[] parts = line.split(" \\| ", -1);
            String[] wanted = String.valueOf(expected.get(parts[0])).split(" \\| ", -1);
            assertEquals(wanted[0], parts[1], line);
            assertEquals("0", parts[2], line);
            assertTrue(parts[3].contains(wanted[1]), line);
        });
    }
}
