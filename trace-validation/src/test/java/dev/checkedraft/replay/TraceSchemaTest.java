package dev.checkedraft.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.checkedraft.tlc.SpecEvaluator;
import dev.checkedraft.trace.TraceWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real traces have the form that trace.schema.json describes. */
class TraceSchemaTest {
    private static Schema schema() throws IOException {
        return schema("trace.schema.json");
    }

    private static Schema schema(String name) throws IOException {
        try (InputStream in = SpecEvaluator.class.getResourceAsStream("/dev/checkedraft/replay/tla/" + name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(text);
        }
    }

    @Test
    void everyLineOfARealTraceIsValid() throws IOException {
        Schema schema = schema();
        for (int servers : new int[] {1, 3, 5}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (TraceWriter writer = new TraceWriter(out, TestRuns.header(servers))) {
                TestRuns.events(servers, servers, 400).forEach(writer::accept);
            }
            for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
                List<Error> errors = schema.validate(line, InputFormat.JSON);
                assertEquals(List.of(), errors, line);
            }
        }
    }

    @Test
    void whatTheReaderRefusesIsInvalid() throws IOException {
        Schema schema = schema();
        for (String line : List.of(
                "{}",
                "{\"event\":\"Reboot\",\"node\":\"n1\"}",
                "{\"event\":\"Restart\"}",
                "{\"event\":\"Restart\",\"node\":\"n1\",\"time\":5}",
                "{\"event\":\"Restart\",\"node\":\"n1\",\"msg\":{}}",
                "{\"event\":\"Propose\",\"node\":\"n1\"}",
                "{\"event\":\"Restart\",\"node\":\"n1\",\"value\":\"x\"}",
                "{\"event\":\"Restart\",\"node\":\"n1\",\"state\":{\"role\":\"Boss\"}}",
                "{\"event\":\"Restart\",\"node\":\"n1\",\"state\":{\"currentTerm\":-1}}",
                "{\"event\":\"HandleRequestVote\",\"node\":\"n1\",\"msg\":{\"success\":true}}",
                "{\"format\":\"checked-raft-trace\",\"version\":1,\"servers\":[]}")) {
            assertFalse(schema.validate(line, InputFormat.JSON).isEmpty(), line);
        }
    }

    /** Version 2, for other Rafts: what AnyRaftTraceTest reads and refuses. */
    @Test
    void versionTwoHasASchemaOfItsOwn() throws IOException {
        Schema schema = schema("any-raft.schema.json");
        for (String line : List.of(
                "{'format':'checked-raft-trace','version':2,'servers':['a','b'],'quorums':{'election':2,'commit':1},"
                        + "'observes':['log','stored'],'initial':{'a':{'currentTerm':1,'log':{'length':2,'lastTerm':1}}}}",
                "{'event':'StepDown','node':'a','state':{'role':'Follower','log':{'length':2},'stored':1},'unknown':['log']}",
                "{'event':'Propose','node':'a','state':{'log':{'from':1,'entries':[{'term':1,'value':''}]}}}",
                "{'event':'HandleAppendEntries','node':'a','msg':{'entries':{'length':2,'lastTerm':1}},'sent':{'success':true}}",
                "{'event':'HandleHeartbeat','node':'a','msg':{'type':'Heartbeat','leaderCommit':1},'sent':{'matchIndex':0}}",
                "{'event':'Ignore','node':'a','msg':{'type':'RequestVote','term':1}}",
                "{'event':'Ignore','node':'a'}")) {
            assertEquals(List.of(), schema.validate(line.replace('\'', '"'), InputFormat.JSON), line);
        }
        for (String line : List.of(
                "{'format':'checked-raft-trace','version':1,'servers':['a']}",
                "{'format':'checked-raft-trace','version':2,'servers':['a'],'initial':{'a':{'role':'Leader'}}}",
                "{'event':'StepDown','node':'a','msg':{}}",
                "{'event':'StepDown','node':'a','value':'x'}",
                "{'event':'StepDown','node':'a','state':{'log':{'lastTerm':1}}}",
                "{'event':'StepDown','node':'a','unknown':['everything']}",
                "{'event':'SendHeartbeat','node':'a','msg':{'prevLogIndex':1}}",
                "{'event':'Ignore','node':'a','msg':{'term':1}}",
                "{'event':'Ignore','node':'a','msg':{'type':'Heartbeat','success':true}}")) {
            assertFalse(
                    schema.validate(line.replace('\'', '"'), InputFormat.JSON).isEmpty(), line);
        }
    }
}
