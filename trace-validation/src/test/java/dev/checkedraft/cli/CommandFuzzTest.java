package dev.checkedraft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * Whatever a command is given, it ends with a verdict or with one line that says what is wrong, in a heap of 300 MB: 2,000
 * commands a build, of random bytes, mutated traces, merged files, shapes that are heavy to validate, and nonsense options.
 */
class CommandFuzzTest {
    private static final String SEED = System.getProperty("command.fuzz.seed", "1");
    private static final String CASES = System.getProperty("command.fuzz.cases", "2000");

    @Test
    void everyCommandEndsInAVerdictOrInOneLine() throws Exception {
        ChildJvm fuzz = ChildJvm.run(CommandFuzz.class, SEED, "0", CASES);
        System.out.print(fuzz.err());
        assertEquals(0, fuzz.exit(), fuzz.err());
    }
}
