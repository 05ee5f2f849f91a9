package dev.checkedraft.conform;

import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Json;
import dev.checkedraft.port.Port;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The Java core behind the protocol, without a process; keeps what was said. */
final class InProcessPort implements Port {
    /** An input and its answer. */
    record Exchange(String input, String answer) {}

    private final JavaPort port = new JavaPort();
    final List<Exchange> transcript = new ArrayList<>();

    @Override
    public String ask(String input, Duration patience) {
        String answer = Json.write(port.answer(input));
        transcript.add(new Exchange(input, answer));
        return answer;
    }

    @Override
    public void checkQuiet(long millis) {}

    @Override
    public List<String> lastWords() {
        return List.of();
    }

    @Override
    public void kill() {}

    @Override
    public void close() {}
}
