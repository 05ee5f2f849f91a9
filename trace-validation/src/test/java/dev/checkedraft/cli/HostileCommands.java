package dev.checkedraft.cli;

import dev.checkedraft.core.Action;
import dev.checkedraft.replay.TestRuns;
import dev.checkedraft.trace.TraceEvent;
import dev.checkedraft.trace.TraceHeader;
import dev.checkedraft.trace.TraceWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Draws commands for {@link CommandFuzz}, with their files and their standard input. */
final class HostileCommands {
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
        "\n",
        "\r\n",
        "\\u0000",
        "\"n1\"",
        "\"Restart\"",
        "\"votedFor\":null",
        "\uFEFF",
        "\u0000",
        "[[[[[[[[[[[[[[",
        "true",
        "{\"a\":{\"a\":{\"a\":1}}}"
    };
    private static final String[] NUMBERS = {
        "0",
        "1",
        "2",
        "3",
        "10000",
        "1073741823",
        "1073741824",
        "2147483647",
        "-2147483648",
        "9223372036854775808",
        "1e400"
    };
    private static final String[] NONSENSE = {
        "",
        " ",
        "x",
        "-1",
        "0x10",
        "NaN",
        "1e400",
        "-0.1",
        "2147483648",
        "-9223372036854775809",
        "\n",
        "\u0000",
        "--",
        "=",
        "a=b",
        "99999999999999999999999999",
        "'",
        "\u00e9",
        "1,000",
        "[",
        "*"
    };
    private static final Pattern NUMBER = Pattern.compile("\":([0-9]+)");

    /** Options that take a value, by command. None with a nonsense value does anything long. */
    private static final Map<String, List<String>> OPTIONS = Map.of(
            "simulate",
                    List.of(
                            "--nodes",
                            "--seed",
                            "--steps",
                            "--drop",
                            "--duplicate",
                            "--crash",
                            "--partition",
                            "--schedule"),
            "validate", List.of("--frontier", "--format", "--junit-xml", "--coverage"),
            "explore", List.of("--nodes", "--max-term", "--max-log", "--max-restarts", "--max-states"),
            "conform",
                    List.of("--nodes", "--seed", "--runs", "--minutes", "--steps", "--level", "--deadline", "--replay"),
            "check", List.of("--workers", "--trace"),
            "verify", List.of("--seed", "--runs", "--steps"),
            "fuzz", List.of("--minutes", "--seed", "--steps"));

    /** What keeps a command short if a nonsense value happens to be a good one. */
    private static final Map<String, List<String>> SHORT = Map.of(
            "simulate", List.of("-o", "-"),
            "validate", List.of("no-such-file"),
            "explore", List.of("--no-such-option"),
            "conform", List.of("--", "no-such-command"),
            "check", List.of("no-such-model"),
            "verify", List.of("no-such-argument"),
            "fuzz", List.of("no-such-argument"));

    private final Random random;
    private final Path dir;
    private int files;

    /**
     * A command.
     *
     * @param mostErrors how many lines it may have on standard error if it is refused: one a trace
     */
    @SuppressWarnings("ArrayRecordComponent") // commands are not compared
    record Command(List<String> args, byte[] input, int mostErrors) {
        String shown() {
            return String.join(" ", args).replaceAll("\\p{Cntrl}", "?")
                    + (input.length == 0
                            ? ""
                            : " < " + input.length + " bytes: "
                                    + new String(input, 0, Math.min(300, input.length), StandardCharsets.ISO_8859_1)
                                            .replaceAll("\\p{Cntrl}", "|"));
        }
    }

    HostileCommands(Random random, Path dir) {
        this.random = random;
        this.dir = dir;
    }

    Command next() throws IOException {
        int kind = random.nextInt(100);
        if (kind < 40) {
            return validate(mutated(trace()));
        }
        if (kind < 50) {
            return validate(randomBytes());
        }
        if (kind < 62) {
            return merged();
        }
        if (kind < 70) {
            return validate(CommandFuzz.bytes(deep()));
        }
        if (kind < 76) {
            return new Command(List.of("validate", "--frontier=200", "-"), CommandFuzz.bytes(heavy()), 1);
        }
        if (kind < 79) {
            return several();
        }
        if (kind < 83) {
            return scheduled();
        }
        if (kind < 86) {
            return covered();
        }
        return options();
    }

    private Command command(String... args) {
        return new Command(List.of(args), new byte[0], 1);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(dir.resolve("f" + files++ + ".ndjson"), content);
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private String oneOf(String[] all) {
        return all[random.nextInt(all.length)];
    }

    // ------------------------------------------------------------------------------------------------------ validate

    private Command validate(byte[] trace) throws IOException {
        List<String> args = new ArrayList<>(List.of("validate"));
        if (random.nextInt(3) == 0) {
            args.add(oneOf(new String[] {"--verbose", "--format=json", "--frontier=1", "--frontier=50"}));
        }
        if (random.nextInt(3) == 0) {
            args.add("-");
            return new Command(args, trace, 1);
        }
        args.add(file(trace).toString());
        return new Command(args, new byte[0], 1);
    }

    private Command several() throws IOException {
        List<String> args = new ArrayList<>(List.of("validate"));
        for (int k = 0; k < 2 + random.nextInt(3); k++) {
            args.add(
                    random.nextInt(5) == 0
                            ? dir.resolve("missing").toString()
                            : file(mutated(trace())).toString());
        }
        return new Command(args, new byte[0], args.size() - 1);
    }

    /** One file a server, of which some are changed, missing, given twice, or out of order. */
    private Command merged() throws IOException {
        int servers = 1 + random.nextInt(4);
        TraceHeader header = TestRuns.header(servers);
        List<TraceEvent> events = partial(TestRuns.events(random.nextInt(200), servers, 10 + random.nextInt(40)));
        List<String> args = new ArrayList<>(List.of("validate", "--merge"));
        for (String server : header.servers()) {
            byte[] own = written(
                    header,
                    events.stream().filter(event -> event.node().equals(server)).toList());
            args.add(file(random.nextInt(3) == 0 ? mutated(own) : own).toString());
        }
        switch (random.nextInt(6)) {
            case 0 -> args.add(oneOf(args));
            case 1 -> args.remove(args.size() - 1);
            case 2 -> Collections.shuffle(args.subList(2, args.size()), random);
            case 3 -> args.addAll(Collections.nCopies(9, args.get(args.size() - 1)));
            default -> {}
        }
        return new Command(args, new byte[0], 1);
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[random.nextInt(2000)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            return bytes;
        }
        byte[] header = CommandFuzz.bytes(HostileTraces.PARTIAL + "\n");
        byte[] all = java.util.Arrays.copyOf(header, header.length + bytes.length);
        System.arraycopy(bytes, 0, all, header.length, bytes.length);
        return all;
    }

    private String deep() {
        String open = oneOf(
                new String[] {"[", "{\"a\":", "{\"event\":", "[{\"term\":", "{\"state\":{\"log\":{\"entries\":["});
        String nested = open.repeat(1 + random.nextInt(100_000));
        if (random.nextBoolean()) {
            return HostileTraces.PARTIAL + "\n" + nested;
        }
        String field = oneOf(new String[] {"msg", "sent", "state", "value", "about", "node", "event"});
        return HostileTraces.PARTIAL + "\n{\"event\":\"Restart\",\"node\":\"n1\",\"" + field + "\":" + nested + "}";
    }

    private String heavy() {
        Stream<String> lines = switch (random.nextInt(8)) {
            case 0 -> HostileTraces.manyCandidates(random.nextInt(14), random.nextInt(3));
            case 1 -> HostileTraces.hugeValues(random.nextInt(8), random.nextInt(1_100_000));
            case 2 -> HostileTraces.longSlices(random.nextInt(3), random.nextInt(50_000));
            case 3 -> HostileTraces.openSends(random.nextInt(60), random.nextInt(4));
            case 4 -> HostileTraces.wideFrontier(random.nextInt(5));
            case 5 -> HostileTraces.longLog(random.nextInt(3000));
            default -> HostileTraces.openSends(random.nextInt(300), 1);
        };
        return lines.collect(Collectors.joining("\n"));
    }

    private byte[] trace() throws IOException {
        int servers = 1 + random.nextInt(5);
        List<TraceEvent> events = TestRuns.events(random.nextInt(500), servers, 5 + random.nextInt(60));
        TraceHeader whole = TestRuns.header(servers);
        if (random.nextInt(3) > 0) {
            return written(whole, events);
        }
        Set<String> observes = new TreeSet<>(whole.observes());
        observes.removeIf(field -> random.nextBoolean());
        Set<String> omits = random.nextBoolean() ? Set.of() : Set.of("SendAppendEntries");
        if (!omits.isEmpty()) {
            events = events.stream()
                    .filter(event -> !event.action().is(Action.SEND_APPEND_ENTRIES))
                    .toList();
        }
        return written(new TraceHeader(whole.servers(), observes, Map.of(), omits), partial(events));
    }

    /** Events that lack what the servers of some system may not be able to tell. */
    private List<TraceEvent> partial(List<TraceEvent> events) {
        if (random.nextBoolean()) {
            return events;
        }
        int lost = random.nextInt(10);
        List<TraceEvent> partial = new ArrayList<>();
        for (TraceEvent event : events) {
            Map<String, Object> state = new LinkedHashMap<>(event.state());
            state.keySet().removeIf(field -> random.nextInt(10) < lost);
            partial.add(new TraceEvent(
                    event.action(),
                    event.node(),
                    less(event.msg(), lost),
                    less(event.sent(), lost),
                    event.value(),
                    state));
        }
        return partial;
    }

    private Map<String, Object> less(Map<String, Object> fields, int lost) {
        if (fields == null || random.nextInt(20) < lost) {
            return null;
        }
        Map<String, Object> less = new LinkedHashMap<>(fields);
        less.keySet().removeIf(field -> random.nextInt(20) < lost);
        return less;
    }

    private static byte[] written(TraceHeader header, List<TraceEvent> events) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TraceWriter writer = new TraceWriter(out, header)) {
            events.forEach(writer::accept);
        }
        return out.toByteArray();
    }

    // ------------------------------------------------------------------------------------------------------ mutation

    private byte[] mutated(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int k = random.nextInt(4); k > 0 && !text.isEmpty(); k--) {
            text = mutated(text);
        }
        return CommandFuzz.bytes(text);
    }

    private String mutated(String text) {
        int at = random.nextInt(text.length());
        int to = Math.min(text.length(), at + random.nextInt(30));
        return switch (random.nextInt(7)) {
            case 0 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + text.substring(to);
            case 2 -> text.substring(0, at) + oneOf(PIECES) + text.substring(to);
            case 3 -> text.substring(0, at);
            case 4 -> numberChanged(text);
            default -> lineMoved(text);
        };
    }

    private String numberChanged(String text) {
        List<MatchResult> numbers = NUMBER.matcher(text).results().toList();
        if (numbers.isEmpty()) {
            return text;
        }
        MatchResult number = oneOf(numbers);
        return text.substring(0, number.start(1)) + oneOf(NUMBERS) + text.substring(number.end(1));
    }

    private String lineMoved(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        String line = lines.remove(random.nextInt(lines.size()));
        if (random.nextBoolean()) {
            lines.add(random.nextInt(lines.size() + 1), line);
        }
        return String.join("\n", lines);
    }

    // ---------------------------------------------------------------------------------------------- other commands

    private Command scheduled() throws IOException {
        try (Stream<Path> saved = Files.list(Path.of("..", "impl", "src", "test", "resources", "schedules"))) {
            Path schedule = oneOf(saved.sorted().toList());
            String file = file(mutated(Files.readAllBytes(schedule))).toString();
            return random.nextInt(10) > 0
                    ? command(
                            "simulate",
                            "--schedule",
                            file,
                            "-o",
                            random.nextBoolean() ? "-" : dir.resolve("o").toString())
                    : command("conform", "--replay", file, "--", "no-such-command");
        }
    }

    private Command covered() throws IOException {
        String coverage = dir.resolve("coverage.json").toString();
        String trace =
                file(written(TestRuns.header(2), TestRuns.events(1, 2, 20))).toString();
        Run.raft("validate", trace, "--coverage", coverage);
        Files.write(Path.of(coverage), mutated(Files.readAllBytes(Path.of(coverage))));
        return command("validate", trace, "--coverage", coverage);
    }

    private Command options() {
        String name = oneOf(List.of(
                "simulate", "simulate", "validate", "explore", "conform", "check", "verify", "fuzz", "nonsense"));
        if (name.equals("nonsense")) {
            return command(oneOf(NONSENSE), oneOf(NONSENSE));
        }
        List<String> args = new ArrayList<>(List.of(name));
        for (int k = 0; k <= random.nextInt(3); k++) {
            String option = oneOf(OPTIONS.getOrDefault(name, List.of()));
            args.add(random.nextBoolean() ? option + "=" + oneOf(NONSENSE) : option);
            if (random.nextInt(3) == 0) {
                args.add(oneOf(NONSENSE));
            }
        }
        if (random.nextInt(4) > 0) {
            args.addAll(SHORT.getOrDefault(name, List.of()));
        } else {
            args.add("--no-such-option");
        }
        return new Command(args, new byte[0], Math.max(1, args.size()));
    }
}
