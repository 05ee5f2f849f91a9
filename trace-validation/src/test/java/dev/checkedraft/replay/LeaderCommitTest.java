package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.tlc.SpecFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tla2sany.semantic.SemanticNode;
import tlc2.tool.EvalControl;
import tlc2.tool.StateVec;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.tool.impl.ReplayTool;
import tlc2.util.Context;
import tlc2.value.impl.BoolValue;
import util.ToolIO;
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
                /\\ matchIndex = 0 /\\ messages = 0 /\\ event = 0 /\\ stored = 0
            ====
            """;

    @TempDir
    Path dir;

    /** In a JVM of its own: TLC keeps global state, and this is another module than all else here evaluates. */
    @Test
    void theShortcutIsTheSpecs() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeaderCommitTest.class.getName(),
                        dir.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertEquals("the same in 16 states", out.strip());
    }

    /** Compares the two, with one to four servers. */
    public static void main(String[] args) throws IOException {
        Path dir = Path.of(args[0]);
        Files.writeString(dir.resolve("SameCommit.tla"), MODULE);
        for (String module : List.of("Raft", "AnyRaft", "RaftTrace")) {
            Files.write(dir.resolve(module + ".tla"), SpecEvaluator.source(module));
        }
        ToolIO.setMode(ToolIO.TOOL);
        int same = 0;
        for (String servers :
                List.of("\"n1\"", "\"n1\", \"n2\"", "\"n1\", \"n2\", \"n3\"", "\"n1\", \"n2\", \"n3\", \"n4\"")) {
            Files.writeString(
                    dir.resolve("SameCommit.cfg"),
                    "CONSTANTS\n Server = {" + servers
                            + "}\n Value = {}\n NoOp = \"\"\n Nil = \"\"\n ElectionQuorum = 1\n CommitQuorum = 1\nINIT SameInit\nNEXT TraceNext\n");
            ReplayTool tool = new ReplayTool(dir.toString(), "SameCommit", "SameCommit", new SpecFolder(dir));
            SemanticNode body = tool.getRootModule()
                    .getOpDef(UniqueString.uniqueStringOf("Same"))
                    .getBody();
            StateVec states = tool.getInitStates();
            for (int k = 0; k < states.size(); k++) {
                Object value = tool.eval(
                        body,
                        Context.Empty,
                        states.elementAt(k),
                        TLCState.Empty,
                        EvalControl.Clear,
                        CostModel.DO_NOT_RECORD);
                if (!value.equals(BoolValue.ValTrue)) {
                    throw new AssertionError("servers " + servers + ": " + states.elementAt(k));
                }
                same++;
            }
        }
        System.out.println("the same in " + same + " states");
    }
}
