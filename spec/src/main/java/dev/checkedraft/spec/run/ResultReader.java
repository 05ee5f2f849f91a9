package dev.checkedraft.spec.run;

import dev.checkedraft.spec.manifest.ModelConfig;
import dev.checkedraft.spec.raft.Counterexample;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import dev.checkedraft.spec.result.Progress;
import dev.checkedraft.spec.value.Sources;
import dev.checkedraft.spec.value.TlaValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes one result of the messages of one run. The numbers are those of tlc2.output.EC. */
final class ResultReader {
    private static final Pattern STATISTICS = Pattern.compile(
            "([\\d,]+) states generated.*?([\\d,]+) distinct states found.*?([\\d,]+) states left on queue");
    private static final Pattern PROGRESS =
            Pattern.compile("Progress(?:\\((-?[\\d,]+)\\))?.*?: ([\\d,]+) states (?:generated|checked)");
    private static final Pattern DEPTH = Pattern.compile("search is ([\\d,]+)");
    private static final Pattern INVARIANT = Pattern.compile("Invariant (.+?) is violated");
    private static final Pattern PROPERTY = Pattern.compile("(?:Action property|Property) (.+?) is violated");
    private static final Pattern CHECKPOINT = Pattern.compile("Checkpointing of run (.+)");
    private static final Pattern CONFIGURATION =
            Pattern.compile("(?s).*error in the configuration file at line (\\d+)\\s*(.*)");
    private static final Pattern POSITION = Pattern.compile("\\d+\\. ([Ll]ine .*)");

    private final ModelConfig config;
    private final Sources sources;
    private final SyntaxErrorReader syntax = new SyntaxErrorReader();
    private final StateReader states = new StateReader();

    private Outcome.@Nullable Violation violation;
    private @Nullable String failure;
    private String failedAt = "";
    private boolean finished;
    private boolean simulation;
    private long generated;
    private long distinct;
    private long queue;
    private int depth;
    private @Nullable String checkpointing;
    private @Nullable Path checkpoint;

    ResultReader(ModelConfig config, Sources sources) {
        this.config = config;
        this.sources = sources;
    }

    /** What TLC has said so far of how far it is. */
    Progress progress(double seconds) {
        return new Progress(
                generated, simulation ? -1 : distinct, simulation ? -1 : queue, simulation ? -1 : depth, seconds);
    }

    /** Takes a line of {@link TlcMain}'s: states generated, distinct, on the queue, and depth. */
    void counted(String line) {
        String[] numbers = line.strip().split(" ", -1);
        if (numbers.length == 4) {
            generated = Math.max(generated, number(numbers[0]));
            distinct = Math.max(distinct, number(numbers[1]));
            queue = number(numbers[2]);
            depth = Math.max(depth, (int) number(numbers[3]));
        }
    }

    void message(ToolReader.Message message) {
        String text = message.text();
        switch (message.code()) {
            case ToolReader.PLAIN -> syntax.line(text);
            case 2188 -> simulation = true;
            case 2193 -> finished = true;
            case 2194 ->
                depth = find(DEPTH, text)
                        .map(ResultReader::number)
                        .orElse((long) depth)
                        .intValue();
            case 2199 -> statistics(text);
            case 2200, 2209 -> {
                statistics(text);
                Matcher progress = PROGRESS.matcher(text);
                if (progress.find()) {
                    depth = (int) number(group(progress, 1));
                    generated = number(group(progress, 2));
                }
            }
            case 2110 -> violated(Outcome.Kind.INVARIANT, find(INVARIANT, text).orElse(text));
            case 2107 -> {
                violated(Outcome.Kind.INVARIANT, find(INVARIANT, text).orElse(text));
                states.initial(text);
            }
            case 2108 -> {
                violated(Outcome.Kind.TEMPORAL_PROPERTY, property(text));
                states.initial(text);
            }
            case 2112 -> violated(Outcome.Kind.ACTION_PROPERTY, property(text));
            case 2116 -> violated(Outcome.Kind.TEMPORAL_PROPERTY, temporalProperties());
            case 2114 -> violated(Outcome.Kind.DEADLOCK, "deadlock");
            case 2132 -> violated(Outcome.Kind.ASSERTION, "assertion " + lastLine(text));
            case 2217 -> states.state(text);
            case 2218 -> states.stuttering();
            case 2122 -> states.backTo(text);
            case 2103 -> failedAt = text;
            case 2195 -> checkpointing = find(CHECKPOINT, text).orElse(null);
            case 2196 -> checkpoint = checkpointing == null ? null : Path.of(checkpointing);
            case 2121, 2264 -> {} // the headings over a run
            case 3002 -> failed(syntax.error().orElse(text));
            default -> {
                // 5000 and on: the configuration file; they stand inside an error that says nothing itself.
                if (message.isError() || message.code() / 1000 == 5) {
                    failed(text);
                }
            }
        }
    }

    /**
     * The result, once TLC has ended.
     *
     * @param exit its exit code
     * @param errors what it wrote to standard error
     * @param stopped why it was ended, if it was
     */
    CheckResult result(int exit, List<String> errors, @Nullable String stopped, double seconds) {
        Outcome outcome;
        if (violation != null) {
            outcome = violation;
        } else if (failure == null && states.hasRun()) {
            // The distributed mode shows a run, from its second state on, and does not say what it violates.
            outcome = new Outcome.Violation(Outcome.Kind.PROPERTY, config.allProperties());
        } else if (failure != null) {
            outcome = new Outcome.Failure(oneLine(failure) + place());
        } else if (stopped != null) {
            outcome = new Outcome.Undecided(stopped);
        } else if (exit == 0 && (finished || simulation)) {
            outcome = new Outcome.Ok();
        } else {
            String said =
                    errors.stream().filter(line -> !line.isBlank()).findFirst().orElse("it gave no reason");
            outcome = new Outcome.Failure("TLC ended with code " + exit + ": " + said);
        }
        Progress last = progress(seconds);
        return new CheckResult(
                outcome,
                last.generated(),
                last.distinct(),
                Math.max(0, last.queue()),
                last.depth(),
                seconds,
                outcome instanceof Outcome.Violation ? states.run(sources).orElse(null) : null,
                outcome instanceof Outcome.Ok ? null : checkpoint);
    }

    private void statistics(String text) {
        Matcher statistics = STATISTICS.matcher(text);
        if (statistics.find()) {
            generated = number(group(statistics, 1));
            distinct = number(group(statistics, 2));
            queue = number(group(statistics, 3));
        }
    }

    private void violated(Outcome.Kind kind, String property) {
        violated(kind, List.of(property));
    }

    private void violated(Outcome.Kind kind, List<String> candidates) {
        if (violation == null) {
            violation = new Outcome.Violation(kind, candidates);
        }
    }

    private void failed(String text) {
        if (failure == null) {
            failure = text;
        }
    }

    /** The innermost expression whose evaluation failed. */
    private String place() {
        String last = "";
        for (String line : failedAt.split("\n", -1)) {
            last = find(POSITION, line).orElse(last);
        }
        return Sources.Place.in(last).map(place -> " (" + place + ")").orElse("");
    }

    /** The name of a property that TLC names by its place, if it has one. */
    private String property(String text) {
        String name = find(PROPERTY, text).orElse(text);
        Optional<Sources.Place> place = Sources.Place.in(name);
        if (place.isEmpty()) {
            return name;
        }
        Optional<String> definition = place.flatMap(sources::definitionAt);
        if (definition.isPresent() && config.properties().contains(definition.get())) {
            return definition.get();
        }
        // In another module: a refinement, whose definition is "Instance!Spec".
        List<String> refinements = config.properties().stream()
                .filter(candidate -> sources.definition(candidate).contains("!"))
                .toList();
        return refinements.size() == 1 ? refinements.get(0) : definition.orElse(name);
    }

    /** TLC does not say which temporal property it was: the only one there is, or all there are. */
    private List<String> temporalProperties() {
        List<String> temporal = config.properties().stream()
                .filter(name -> !sources.definition(name).matches("(?s)\\w+\\s*==\\s*\\[\\]\\[.*"))
                .toList();
        return temporal.isEmpty() ? List.of("a temporal property") : temporal;
    }

    private static final Pattern WRAPPER = Pattern.compile(
            "TLC threw an unexpected exception\\..*?The exception was an? [\\w.$]+\\s*:?\\s*", Pattern.DOTALL);

    private String oneLine(String text) {
        Matcher inConfiguration = CONFIGURATION.matcher(text);
        if (inConfiguration.matches()) {
            return config.name() + ":" + group(inConfiguration, 1) + ": " + oneLine(group(inConfiguration, 2));
        }
        return WRAPPER.matcher(text)
                .replaceFirst("")
                .replaceFirst("^Error: ", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        return stripped.substring(stripped.lastIndexOf('\n') + 1);
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(group(matcher, 1)) : Optional.empty();
    }

    private static String group(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? "" : text;
    }

    private static long number(String digits) {
        return digits.isEmpty() ? 0 : Long.parseLong(digits.replace(",", ""));
    }

    /** Collects the states of the run that TLC prints. */
    private static final class StateReader {
        private static final Pattern HEAD = Pattern.compile("^(\\d+): <(\\w+) (?:\\([^)]*\\) )?(.*)>\\s*$");
        private static final Pattern BACK = Pattern.compile("^(\\d+): Back to state(?:: <(\\w+))?");
        private static final Pattern VARIABLE = Pattern.compile("(?m)^(?:/\\\\ )?(\\w+) = ");

        private final List<Counterexample.Printed> printed = new ArrayList<>();
        private Counterexample.Ending ending = new Counterexample.Ending.End();

        void state(String text) {
            int newline = text.indexOf('\n');
            String head = newline < 0 ? text : text.substring(0, newline);
            String body = newline < 0 ? "" : text.substring(newline + 1);
            Matcher matcher = HEAD.matcher(head);
            boolean matches = matcher.matches();
            printed.add(new Counterexample.Printed(
                    printed.size() + 1,
                    matches ? group(matcher, 2) : head,
                    matches ? group(matcher, 3) : "",
                    values(body)));
        }

        /** The state that violates a property at once stands in the message that says so. */
        void initial(String text) {
            int newline = text.indexOf('\n');
            if (printed.isEmpty() && newline >= 0) {
                printed.add(new Counterexample.Printed(1, "Init", "", values(text.substring(newline + 1))));
            }
        }

        void stuttering() {
            ending = new Counterexample.Ending.Stuttering();
        }

        void backTo(String text) {
            Matcher matcher = BACK.matcher(text);
            if (matcher.find()) {
                ending = new Counterexample.Ending.BackTo((int) number(group(matcher, 1)), group(matcher, 2));
            }
        }

        boolean hasRun() {
            return !printed.isEmpty();
        }

        Optional<Counterexample> run(Sources sources) {
            return printed.isEmpty() ? Optional.empty() : Optional.of(Counterexample.of(printed, ending, sources));
        }

        private static Map<String, TlaValue> values(String body) {
            Map<String, TlaValue> values = new java.util.LinkedHashMap<>();
            Matcher matcher = VARIABLE.matcher(body);
            String variable = "";
            int start = 0;
            while (matcher.find()) {
                if (!variable.isEmpty()) {
                    values.put(variable, TlaValue.parse(body.substring(start, matcher.start())));
                }
                variable = group(matcher, 1);
                start = matcher.end();
            }
            if (!variable.isEmpty()) {
                values.put(variable, TlaValue.parse(body.substring(start)));
            }
            return values;
        }
    }
}
