package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.spec.manifest.Cleanup;
import dev.checkedraft.spec.manifest.Model;
import dev.checkedraft.spec.manifest.ModelConfig;
import dev.checkedraft.spec.manifest.SpecFiles;
import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.value.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What TLC printed once for each of the small spec's models, and what we make of it, which is in a file beside it.
 *
 * <p>{@code -Draft.record=DIRECTORY}, the directory of these files among the sources, runs TLC again and writes both.
 */
class RecordedOutputTest {
    private static final String RECORD = System.getProperty("raft.record", "");

    @TestFactory
    Stream<DynamicTest> isReadAsRecorded() {
        return Tiny.models().all().stream()
                .map(model -> DynamicTest.dynamicTest(model.name(), () -> {
                    if (!RECORD.isEmpty()) {
                        record(model, Path.of(RECORD));
                    }
                    Path directory = RECORD.isEmpty() ? Tiny.resource("recorded") : Path.of(RECORD);
                    List<String> output = Files.readAllLines(directory.resolve(model.name() + ".out"));
                    assertEquals(Files.readString(directory.resolve(model.name() + ".txt")), transcript(model, output));
                }));
    }

    /** The result, its counts and the counterexample; not the time. */
    private static String transcript(Model model, List<String> output) throws IOException {
        SpecFiles files = Tiny.files();
        ResultReader reader =
                new ResultReader(ModelConfig.read(files.find(model.config())), new Sources(files.folders()));
        ToolReader messages = new ToolReader(reader::message);
        output.subList(1, output.size()).forEach(messages::line);
        messages.end();
        int exit = Integer.parseInt(output.get(0).replace("exit ", ""));
        CheckResult result = reader.result(exit, List.of(), null, 1);
        StringBuilder text = new StringBuilder();
        text.append(result.outcome()).append('\n');
        text.append(String.format(
                Locale.ROOT,
                "generated %d, distinct %d, queue %d, depth %d%n",
                result.generated(),
                result.distinct(),
                result.queue(),
                result.depth()));
        if (result.counterexample() != null) {
            text.append(result.counterexample().format(100));
        }
        return text.toString();
    }

    private static void record(Model model, Path directory) throws IOException, InterruptedException {
        Path temporary = Cleanup.temporaryDirectory("record");
        SpecFiles files = Tiny.files();
        TlcProcess.Command command = new ModelChecker(files, CheckOptions.defaults())
                .command(
                        model,
                        CheckOptions.defaults().withWorkers(1),
                        files.find(model.config()),
                        temporary,
                        temporary);
        List<String> output = new ArrayList<>();
        try (TlcProcess tlc = TlcProcess.start(command)) {
            while (!tlc.hasEnded()) {
                TlcProcess.Line line = tlc.next(1000);
                if (line != null && line.kind() == TlcProcess.Kind.OUTPUT) {
                    output.add(line.text().replace(files.root().toString(), "/spec"));
                }
            }
            output.add(0, "exit " + tlc.exitCode());
        }
        Cleanup.delete(temporary);
        Files.write(directory.resolve(model.name() + ".out"), output);
        Files.writeString(directory.resolve(model.name() + ".txt"), transcript(model, output));
    }
}
