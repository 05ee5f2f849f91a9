package dev.checkedraft.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.ProtocolException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer may look like, and what is said of one that does not. */
class AnswerTest {
    private static final List<String> SERVERS = List.of("n1", "n2", "n3");

    @Test
    void readsAnAnswer() throws ProtocolException {
        Answer answer = Answer.read("""
                {"action":"HandleRequestVote","persist":{"currentTerm":2,"votedFor":null,"log":{"from":3,"entries":\
                [{"term":2,"value":"x"}]}},"send":[{"type":"RequestVoteResponse","term":2,"from":"n1","to":"n2",\
                "voteGranted":true}],"apply":{"from":1,"entries":[]},"state":{"votedFor":"n2","votesGranted":["n3","n1"],\
                "matchIndex":{"n2":4}},"reuse":true}""", SERVERS);
        assertEquals(Action.HANDLE_REQUEST_VOTE, answer.action());
        assertEquals(
                new Answer.Persist(2L, true, null, new LogChange(3, List.of(new Entry(2, "x")))), answer.persist());
        assertEquals(
                List.of(Map.of(
                        "type", "RequestVoteResponse", "term", 2L, "from", "n1", "to", "n2", "voteGranted", true)),
                answer.send());
        assertEquals(new LogChange(1, List.of()), answer.apply());
        assertEquals(
                Map.of(
                        "votedFor", Optional.of("n2"),
                        "votesGranted", List.of("n1", "n3"),
                        "matchIndex", Map.of("n2", 4L)),
                answer.state());
        assertTrue(answer.reuse());
    }

    @Test
    void everythingMayBeMissing() throws ProtocolException {
        Answer answer = Answer.read("{}", SERVERS);
        assertTrue(answer.persist().isNothing());
        assertTrue(answer.send().isEmpty() && answer.state().isEmpty() && !answer.saysAction());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {broken                                   | not JSON at column 2
            hello                                     | not JSON at column 1
            ''                                        | an empty line
            [1,2]                                     | the line must be an object, not [1,2]
            {} {}                                     | something after the JSON value at column 4
            {"state":{},"state":{}}                   | not JSON at column 20: Duplicate field 'state'
            {"stat":{}}                               | unknown field stat, which is none of action, persist, send, apply
            {"state":{"leader":"n1"}}                 | unknown field state.leader, which is none of currentTerm
            {"state":{"currentTerm":"2"}}             | state.currentTerm must be a whole number from 0 to 9007199254740991, not "2"
            {"state":{"currentTerm":null}}            | state.currentTerm must not be null
            {"state":{"currentTerm":1.5}}             | the number 1.5 is not written as a whole one
            {"state":{"currentTerm":1e3}}             | the number 1e3 is not written as a whole one
            {"state":{"currentTerm":-1}}              | state.currentTerm must be a whole number from 0 to 9007199254740991, not -1
            {"state":{"currentTerm":9007199254740992}}| state.currentTerm must be a whole number from 0 to 9007199254740991
            {"state":{"currentTerm":99999999999999999999999}} | is beyond 64 bits at column
            {"state":{"currentTerm":NaN}}             | not JSON at column
            {"state":{"role":"Boss"}}                 | state.role must be one of Follower, Candidate, Leader, not "Boss"
            {"state":{"votedFor":"n9"}}               | state.votedFor must be one of n1, n2, n3, not "n9"
            {"state":{"votesGranted":["n1","n1"]}}    | state.votesGranted names a server twice
            {"state":{"votesGranted":["n9"]}}         | state.votesGranted names n9, which is no server of this cluster
            {"state":{"votesGranted":[1]}}            | state.votesGranted must be an array of strings
            {"state":{"matchIndex":3}}                | state.matchIndex must be an object, not 3
            {"state":{"matchIndex":{"n9":3}}}         | unknown field state.matchIndex.n9
            {"persist":{"log":{"from":0,"entries":[]}}} | persist.log.from must be a whole number from 1
            {"persist":{"log":{"from":1}}}            | persist.log has no field entries
            {"persist":{"log":{"from":1,"entries":[{"term":0,"value":"x"}]}}} | persist.log.entries[0].term must be
            {"persist":{"log":{"from":1,"entries":[{"term":1,"value":null}]}}} | persist.log.entries[0].value must not be null
            {"persist":{"commitIndex":1}}             | unknown field persist.commitIndex
            {"apply":[]}                              | apply must be an object
            {"send":{}}                               | send must be an array
            {"send":[{"type":"Vote"}]}                | send[0].type must be one of RequestVote
            {"send":[{"type":"RequestVote"}]}         | send[0] has no field term
            {"send":[{"type":"RequestVoteResponse","term":1,"from":"n1","to":"n9","voteGranted":true}]} | send[0].to must be
            {"send":[{"type":"RequestVoteResponse","term":1,"from":"n1","to":"n2","voteGranted":1}]} | send[0].voteGranted must be true or false
            {"action":"Sleep"}                        | action must be null or an action of the spec, not "Sleep"
            {"error":7}                               | error must be a string, not 7
            {"reuse":"yes"}                           | reuse must be true or false
            """)
    void whatIsWrongIsSaidInALine(String line, String says) {
        ProtocolException e = assertThrows(ProtocolException.class, () -> Answer.read(line, SERVERS));
        assertTrue(String.valueOf(e.getMessage()).contains(says), e.getMessage());
        assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
    }

    @Test
    void deepNestingIsRefused() {
        ProtocolException e = assertThrows(ProtocolException.class, () -> Answer.read("[".repeat(100_000), SERVERS));
        assertTrue(String.valueOf(e.getMessage()).contains("nest"), e.getMessage());
    }
}
