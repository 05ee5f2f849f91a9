package dev.checkedraft.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.replay.ValidatorOptions;
import dev.checkedraft.replay.Verdict;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceFormatException;
import dev.checkedraft.trace.TraceLimits;
import dev.checkedraft.trace.TraceReader;
import dev.checkedraft.trace.TraceWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever bytes come in, the outcome is a verdict or an error of one line. */
class UntrustedTraceTest {
    private static final List<byte[]> TRACES = List.of(trace(1, 1), trace(2, 2), trace(3, 3), trace(4, 3));
    private static final String[] PIECES = {
        "\"",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "null",
        "NaN",
        "-1",
        "1e9",
        "99999999999999999999",
        "2147483647",
        "\n",
        "\r\n",
        "\\u0000",
        "\"n1\"",
        "\"event\"",
        "\"Restart\"",
        "\"votedFor\":null",
        "\uFEFF",
        "\u0000",
        "[[[[[[[[[[[[[[",
        "true"
    };

    private static final Pattern NUMBER = Pattern.compile("\":([0-9]+)");
    private static final String[] EXTREMES = {"0", "10000", "1073741823", "1073741824", "2147483646", "2147483647"};

    private static byte[] trace(long seed, int servers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(out, TestRuns.header(servers))) {
            TestRuns.events(seed, servers, 40).forEach(writer::accept);
        }
        return out.toByteArray();
    }

    private static void check(byte[] bytes) {
        try (TraceReader reader =
                TraceReader.open(new ByteArrayInputStream(bytes), "fuzz", new TraceLimits(1 << 16, 10_000))) {
            Verdict verdict = TraceValidator.validate(reader, new ValidatorOptions(100, 1000));
            if (verdict instanceof Verdict.Diverged diverged) {
                assertTrue(diverged.divergence().attempts().size() > 0);
            }
        } catch (TraceFormatException e) {
            String message = e.getMessage();
            assertTrue(message.matches("fuzz:[0-9]+:[0-9]+: .+"), message);
            assertTrue(message.chars().noneMatch(c -> c < ' ' || c == 0x7f), message);
            assertTrue(message.length() < 500, message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = 5000, shrinking = ShrinkingMode.BOUNDED)
    void mutatedTraces(@ForAll("mutated") byte[] bytes) {
        check(bytes);
    }

    @Property(tries = 3000)
    void randomBytes(@ForAll byte[] bytes) {
        check(bytes);
    }

    @Property(tries = 2000)
    void randomBytesAfterAHeader(@ForAll byte[] bytes) {
        byte[] header = new String(TRACES.get(2), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElseThrow()
                .concat("\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(header, header.length + bytes.length);
        System.arraycopy(bytes, 0, all, header.length, bytes.length);
        check(all);
    }

    @Provide
    Arbitrary<byte[]> mutated() {
        return Combinators.combine(
                        Arbitraries.of(TRACES), Arbitraries.integers().between(1, 4), Arbitraries.longs())
                .as((trace, mutations, seed) -> {
                    Random random = new Random(seed);
                    byte[] bytes = trace;
                    for (int k = 0; k < mutations; k++) {
                        bytes = mutate(bytes, random);
                    }
                    return bytes;
                });
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = random.nextInt(text.length());
        int to = Math.min(text.length(), at + random.nextInt(30));
        String changed = switch (random.nextInt(7)) {
            case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + text.substring(to);
            case 2 -> text.substring(0, at) + PIECES[random.nextInt(PIECES.length)] + text.substring(to);
            case 3 -> text.substring(0, to) + text.substring(at);
            case 4 -> text.substring(0, at);
            case 5 -> numberChanged(text, random);
            default -> lineMoved(text, random);
        };
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A term or an index becomes one that no sum may be made of. */
    private static String numberChanged(String text, Random random) {
        List<MatchResult> numbers = NUMBER.matcher(text).results().toList();
        if (numbers.isEmpty()) {
            return text;
        }
        MatchResult number = numbers.get(random.nextInt(numbers.size()));
        return text.substring(0, number.start(1))
                + EXTREMES[random.nextInt(EXTREMES.length)]
                + text.substring(number.end(1));
    }

    private static String lineMoved(String text, Random random) {
        List<String> lines = new java.util.ArrayList<>(text.lines().toList());
        String line = lines.remove(random.nextInt(lines.size()));
        if (random.nextBoolean()) {
            lines.add(random.nextInt(lines.size() + 1), line);
        }
        return String.join("\n", lines);
    }

    @Example
    void anIndexAsLargeAsTheFormatHasIsADivergence() throws IOException {
        String trace = """
                {"format":"checked-raft-trace","version":1,"servers":["a"],"observes":[]}
                {"event":"StartElection","node":"a"}
                {"event":"SendAppendEntries","node":"a","msg":{"term":1,"from":"a","to":"a",\
                "prevLogIndex":1073741823,"prevLogTerm":1,"entries":[{"term":1,"value":""}],"leaderCommit":0}}
                """;
        try (TraceReader reader = TraceReader.open(
                new ByteArrayInputStream(trace.getBytes(StandardCharsets.UTF_8)), "large", TraceLimits.DEFAULT)) {
            Verdict verdict = TraceValidator.validate(reader, ValidatorOptions.DEFAULT);
            assertEquals(
                    "large:3", ((Verdict.Diverged) verdict).divergence().where().toString());
        }
    }

    /** The traces are what they are taken for. */
    @Property(tries = 1)
    void unmutatedTracesAreAccepted() throws IOException {
        for (byte[] trace : TRACES) {
            try (TraceReader reader = TraceReader.open(new ByteArrayInputStream(trace), "valid", TraceLimits.DEFAULT)) {
                Verdict verdict = TraceValidator.validate(reader, ValidatorOptions.DEFAULT);
                assertTrue(verdict instanceof Verdict.Accepted, verdict::toString);
                TraceEvent none = reader.next();
                assertTrue(none == null);
            }
        }
    }
}
