package dev.checkedraft.spec.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.spec.result.CheckResult;
import dev.checkedraft.spec.result.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
    private static final String MODEL = """
            {"name": "a", "module": "M", "config": "a.cfg", "mode": "check", "kind": "safety", "about": "x",
             "build": true, "expect": {"result": "violation", "property": "P", "distinct": 7, "depth": 3}}""";

    @TempDir
    private Path directory;

    @Test
    void readsAModel() throws IOException {
        Model model = models("{\"models\": [" + MODEL + "]}").find("a").orElseThrow();
        assertEquals(
                new Model(
                        "a",
                        "M",
                        "a.cfg",
                        Model.Mode.CHECK,
                        Model.Kind.SAFETY,
                        "x",
                        true,
                        new Model.Expectation(true, Optional.of("P"), OptionalLong.of(7), OptionalLong.of(3)),
                        List.of()),
                model);
    }

    /** An error says in one line what is wrong, and where. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"models\": []}                                  | no models",
                "{}                                                | models must be a list of objects",
                "[]                                                | expected an object",
                "{\"models\": [3]}                                 | models must be a list of objects",
                "{\"models\": [{\"name\": 3}]}                     | models 1: name must be a string",
                "{\"models\": [{\"name\": \"a\"}]}                 | models 1: module must be a string",
                "{\"models\": [{\"name\": \"a\", \"name\": \"b\"}]}| :1:",
                "{\"models\":                                      | :1:",
                "{\"models\": null}                                | models must be a list of objects",
                "{\"models\": []} {}                               | :1:",
            })
    void rejectsWhatIsNoManifest(String text, String message) {
        IOException error = assertThrows(IOException.class, () -> models(text));
        String said = String.valueOf(error.getMessage());
        assertTrue(said.contains(message) && said.contains("models.json"), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void rejectsAnUnknownModeAndAnUnknownResult() {
        assertThrows(IOException.class, () -> models("{\"models\": [" + MODEL.replace("check", "guess") + "]}"));
        assertThrows(IOException.class, () -> models("{\"models\": [" + MODEL.replace("violation", "maybe") + "]}"));
    }

    @Test
    void rejectsTwoModelsOfOneName() {
        assertThrows(IOException.class, () -> models("{\"models\": [" + MODEL + "," + MODEL + "]}"));
    }

    /** A name may be followed by another, which must be there. */
    @Test
    void readsWhichModelComesNext() throws IOException {
        String first = MODEL.replace("\"build\"", "\"then\": \"b\", \"build\"");
        String second = MODEL.replace("\"name\": \"a\"", "\"name\": \"b\"");
        Models models = models("{\"models\": [" + first + "," + second + "]}");
        Model a = models.find("a").orElseThrow();
        assertEquals(models.find("b"), models.after(a));
        assertEquals(Optional.empty(), models.after(models.after(a).orElseThrow()));
        IOException error = assertThrows(IOException.class, () -> models("{\"models\": [" + first + "]}"));
        assertTrue(String.valueOf(error.getMessage()).endsWith("after a comes b, which is no model"));
    }

    @Test
    void saysHowAResultDiffersFromWhatIsExpected() throws IOException {
        Model.Expectation expect =
                models("{\"models\": [" + MODEL + "]}").all().get(0).expect();
        assertEquals(Optional.empty(), expect.differenceFrom(result(violation("P"), 7, 3)));
        assertEquals(
                Optional.of("expected a violation of P, but it is Q"),
                expect.differenceFrom(result(violation("Q"), 7, 3)));
        assertEquals(
                Optional.of("expected 7 distinct states, but there are 8"),
                expect.differenceFrom(result(violation("P"), 8, 3)));
        assertEquals(Optional.of("expected depth 3, but it is 4"), expect.differenceFrom(result(violation("P"), 7, 4)));
        assertEquals(Optional.of("expected a violation of P"), expect.differenceFrom(result(new Outcome.Ok(), 7, 3)));
        assertEquals(Optional.of("no time"), expect.differenceFrom(result(new Outcome.Undecided("no time"), 7, 3)));
        assertFalse(Model.Expectation.ok()
                .differenceFrom(result(violation("P"), 7, 3))
                .isEmpty());
    }

    private static Outcome violation(String property) {
        return new Outcome.Violation(Outcome.Kind.INVARIANT, List.of(property));
    }

    private static CheckResult result(Outcome outcome, long distinct, int depth) {
        return new CheckResult(outcome, 10, distinct, 0, depth, 1, null, null);
    }

    private Models models(String text) throws IOException {
        return Models.read(Files.writeString(directory.resolve("models.json"), text));
    }
}
