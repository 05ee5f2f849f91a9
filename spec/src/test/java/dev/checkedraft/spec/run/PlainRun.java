package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.raft.Counterexample;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import dev.checkedraft.spec.value.TlaValue;
import dev.checkedraft.spec.value.TraceStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Holds the trace of a counterexample against Raft.tla itself: TLC must be able to take its steps, one after the other,
 * each message handled being one that was sent.
 */
final class PlainRun {
    private PlainRun() {}

    static void assertIsOne(Counterexample run) throws IOException, InterruptedException {
        List<TraceStep> trace = run.toTrace();
        assertEquals(List.of(), trace.stream().filter(step -> !step.explained()).toList(), "messages that nobody sent");
        Path directory = Cleanup.temporaryDirectory("plain");
        try {
            SpecFiles files = Spec.files().copyTo(directory);
            Set<String> constants = new TreeSet<>(run.servers());
            Set<String> values = new TreeSet<>();
            trace.forEach(step -> {
                if (step.value() != null) {
                    values.add(step.value().toString());
                }
            });
            constants.addAll(values);
            Files.writeString(directory.resolve("Steps.tla"), module(trace, constants));
            Files.writeString(directory.resolve("Steps.cfg"), """
                    SPECIFICATION StepsSpec
                    INVARIANT NotDone
                    CHECK_DEADLOCK FALSE
                    CONSTANTS NoOp = NoOp Nil = Nil Server = {%s} Value = {%s}
                    %s
                    """.formatted(
                            String.join(", ", run.servers()),
                            String.join(", ", values),
                            constants.stream().map(name -> name + " = " + name).collect(Collectors.joining(" "))));
            CheckResult result = new ModelChecker(files, Spec.briefOptions()).check(model());
            String stuckAt = result.depth() <= trace.size()
                    ? trace.get(result.depth() - 1).toString()
                    : "";
            assertTrue(result.outcome() instanceof Outcome.Violation, () -> result.outcome() + ", stuck at " + stuckAt);
        } finally {
            Cleanup.delete(directory);
        }
    }

    private static String module(List<TraceStep> trace, Set<String> constants) {
        StringBuilder text = new StringBuilder("---- MODULE Steps ----\nEXTENDS Raft\nCONSTANTS ");
        text.append(String.join(", ", constants)).append("\nVARIABLE at\nStepsNext ==\n");
        for (int i = 0; i < trace.size(); i++) {
            text.append("    \\/ at = %d /\\ at' = %d /\\ %s%n".formatted(i, i + 1, action(trace.get(i))));
        }
        text.append("StepsSpec == Init /\\ at = 0 /\\ [][StepsNext]_<<vars, at>>\n");
        text.append("NotDone == at < ").append(trace.size()).append("\n====\n");
        return text.toString();
    }

    private static String action(TraceStep step) {
        Map<String, TlaValue> message = step.message();
        if (step.action().equals("SendAppendEntries")) {
            int count = message.get("entries") instanceof TlaValue.Tuple entries
                    ? entries.elements().size()
                    : 0;
            return "SendAppendEntries(%s, %s, %s, %d, %s)"
                    .formatted(
                            step.node(),
                            message.get("to"),
                            message.get("prevLogIndex"),
                            count,
                            message.get("leaderCommit"));
        } else if (!message.isEmpty()) {
            TlaValue record = new TlaValue.Struct(message);
            return "%s \\in messages /\\ %s(%s, %s)".formatted(record, step.action(), step.node(), record);
        } else if (step.value() != null) {
            return "%s(%s, %s)".formatted(step.action(), step.node(), step.value());
        }
        return "%s(%s)".formatted(step.action(), step.node());
    }

    private static Model model() {
        return new Model(
                "steps",
                "Steps",
                "Steps.cfg",
                Model.Mode.CHECK,
                Model.Kind.WITNESS,
                "",
                true,
                new Model.Expectation(true, Optional.of("NotDone"), OptionalLong.empty(), OptionalLong.empty()),
                List.of());
    }
}
