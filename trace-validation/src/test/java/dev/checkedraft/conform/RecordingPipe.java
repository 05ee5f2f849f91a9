package dev.checkedraft.conform;

import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.Pipe;
import dev.checkedraft.port.PortLines;
import dev.checkedraft.port.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The Java core behind the protocol, without a process; keeps what was said. */
final class RecordingPipe implements Pipe {
    /** An input and its answer. */
    record Exchange(String input, String answer) {}

    private final PortLines port = new PortLines(JavaPort::new);
    final List<Exchange> transcript = new ArrayList<>();

    @Override
    public String ask(String input, Duration patience) {
        Map<Object, @Nullable Object> said;
        try {
            said = new LinkedHashMap<>((Map<?, ?>) Json.read(port.answer(input)));
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
        // A call's result is its answer: nothing is told by a number.
        said.remove("numbered");
        String answer = Json.write(said);
        transcript.add(new Exchange(input, answer));
        return answer;
    }

    @Override
    public void checkQuiet() {}

    @Override
    public @Nullable String end(Duration patience) {
        return null;
    }

    @Override
    public List<String> lastWords() {
        return List.of();
    }

    @Override
    public void kill() {}

    @Override
    public void close() {}
}
