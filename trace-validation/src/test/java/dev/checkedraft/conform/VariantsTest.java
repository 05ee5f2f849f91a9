package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.drive.Level;
import dev.checkedraft.port.PortLines;
import dev.checkedraft.port.ProtocolException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is a port's own business is nobody else's: every right port conforms, and passes the vectors. */
class VariantsTest {
    /** {@code -Draft.variant-runs=1000} tries more. */
    private static final int RUNS = Integer.getInteger("raft.variant-runs", 30);

    @ParameterizedTest
    @EnumSource
    void conforms(Variants variant) {
        ConformReport report = Conformance.check(variant.nodes, Kit.options(0, RUNS, Level.ALL));
        report.mustConform();
        System.out.println(variant + ": " + report.text());
    }

    @ParameterizedTest
    @EnumSource
    void passesTheVectors(Variants variant) throws IOException, ProtocolException, InterruptedException {
        assertEquals(List.of(), Vectors.failing(PortLines.pipes(variant.nodes), false));
    }
}
