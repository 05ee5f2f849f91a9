package dev.checkedraft.spec.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolReaderTest {
    private final List<ToolReader.Message> messages = new ArrayList<>();
    private final ToolReader reader = new ToolReader(messages::add);

    @Test
    void putsTheLinesOfAMessageTogether() {
        read("""
                @!@!@STARTMSG 2217:4 @!@!@
                1: <Initial predicate>
                x = 0
                @!@!@ENDMSG 2217 @!@!@
                """);
        assertEquals(List.of(new ToolReader.Message(2217, 4, "1: <Initial predicate>\nx = 0")), messages);
    }

    @Test
    void keepsWhatIsOutsideAllMessages() {
        read("Parsing file Raft.tla\n");
        assertEquals(List.of(new ToolReader.Message(ToolReader.PLAIN, 0, "Parsing file Raft.tla")), messages);
    }

    @Test
    void takesAMessageOutOfTheOneItStandsIn() {
        read("""
                @!@!@STARTMSG 1000:1 @!@!@
                The exception was a tlc2.tool.ConfigFileException
                : @!@!@STARTMSG 5001:0 @!@!@
                File not found.
                @!@!@ENDMSG 5001 @!@!@
                @!@!@ENDMSG 1000 @!@!@
                """);
        assertEquals(
                List.of(
                        new ToolReader.Message(5001, 0, "File not found."),
                        new ToolReader.Message(1000, 1, "The exception was a tlc2.tool.ConfigFileException\n:")),
                messages);
    }

    @Test
    void handsOverWhatWasCutShort() {
        read("@!@!@STARTMSG 2110:1 @!@!@\nInvariant A is vio");
        assertEquals(List.of(), messages);
        reader.end();
        assertEquals(List.of(new ToolReader.Message(2110, 1, "Invariant A is vio")), messages);
    }

    private void read(String output) {
        output.lines().forEach(reader::line);
    }
}
