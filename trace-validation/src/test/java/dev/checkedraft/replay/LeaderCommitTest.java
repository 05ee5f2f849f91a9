package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tlc2.tool.EvalControl;
import tlc2.tool.StateVec;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.tool.impl.ReplayTool;
import tlc2.util.Context;
import tlc2.value.impl.BoolValue;
import util.UniqueString;

/** {@code LeaderCommitByMatch}, which replay puts in the place of {@code LeaderCommit} of Raft.tla, is the same. */
class LeaderCommitTest {
    /** Logs of up to three entries in terms that do not fall, of leaders of a term no older, and all that others may hold. */
    private static final String MODULE = """
            ---- MODULE SameCommit ----
            EXTENDS RaftTrace
            Logs(term) ==
                {entries \\in UNION {[1..n -> [term : 1..term, value : {"v"}]] : n \\in 0..3} :
                     \\A k \\in 2..Len(entries) : entries[k - 1].term <= entries[k].term}
            Same ==
                \\A term \\in 1..3 : \\A entries \\in Logs(term) :
                    commitIndex["n1"] <= Len(entries) =>
                        \\A match \\in [Server -> 0..Len(entries)] :
                            LeaderCommit("n1", term, entries, match) = LeaderCommitByMatch("n1", term, entries, match)
            SameInit ==
                /\\ commitIndex \\in {[j \\in Server |-> index] : index \\in 0..3}
                /\\ currentTerm = 0 /\\ votedFor = 0 /\\ log = 0 /\\ role = 0 /\\ votesGranted = 0 /\\ votesRefused = 0
                /\\ matchIndex = 0 /\\ messages = 0 /\\ event = 0
            ====
            """;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"n1\"}", "{\"n1\", \"n2\"}", "{\"n1\", \"n2\", \"n3\"}", "{\"n1\", \"n2\", \"n3\", \"n4\"}"})
    void theShortcutIsTheSpecs(String servers) throws IOException {
        Files.writeString(dir.resolve("SameCommit.tla"), MODULE);
        for (String module : new String[] {"Raft", "RaftTrace"}) {
            Files.write(dir.resolve(module + ".tla"), SpecEvaluator.source(module));
        }
        Files.writeString(
                dir.resolve("SameCommit.cfg"),
                "CONSTANTS\n Server = " + servers
                        + "\n Value = {}\n NoOp = \"\"\n Nil = \"\"\nINIT SameInit\nNEXT TraceNext\n");
        ReplayTool tool = new ReplayTool(dir.toString(), "SameCommit", "SameCommit", new SpecFolder(dir));
        StateVec states = tool.getInitStates();
        assertEquals(4, states.size());
        for (int k = 0; k < states.size(); k++) {
            assertTrue(((BoolValue) tool.eval(
                            tool.getRootModule()
                                    .getOpDef(UniqueString.uniqueStringOf("Same"))
                                    .getBody(),
                            Context.Empty,
                            states.elementAt(k),
                            TLCState.Empty,
                            EvalControl.Clear,
                            CostModel.DO_NOT_RECORD))
                    .val);
        }
    }
}
