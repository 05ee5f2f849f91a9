package dev.checkedraft.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of message kinds, held to the records of the messages and to figure 2. */
class MessageKindTest {
    private static final List<Message> ONE_OF_EACH = List.of(
            new Message.RequestVote(2, "a", "b", 1, 1),
            new Message.RequestVoteResponse(2, "a", "b", true),
            new Message.AppendEntries(2, "a", "b", 0, 0, List.of(new Entry(1, "x")), 0),
            new Message.AppendEntriesResponse(2, "a", "b", true, 1));

    @Test
    void eachKindHasTheNameAndTheFieldsOfItsRecord() {
        List<MessageKind> kinds = new ArrayList<>();
        for (Message message : ONE_OF_EACH) {
            MessageKind kind = message.kind();
            assertEquals(kinds.size(), kind.code());
            kinds.add(kind);
            assertEquals(message.getClass().getSimpleName(), kind.label());
            assertEquals(kind.label(), message.type());
            List<String> components = Stream.of(message.getClass().getRecordComponents())
                    .map(RecordComponent::getName)
                    .toList();
            List<String> fields = new ArrayList<>(List.of("term", "from", "to"));
            fields.addAll(kind.ownFields());
            assertEquals(components, fields);
            fields.add(0, "type");
            assertEquals(fields, kind.fields());
        }
        assertEquals(List.of(MessageKind.values()), kinds);
    }

    @Test
    void aKindIsFoundByItsNameAlone() {
        for (MessageKind kind : MessageKind.values()) {
            assertSame(kind, MessageKind.named(kind.label()));
        }
        assertNull(MessageKind.named("requestVote"));
    }

    @Test
    void aRequestIsAnsweredByItsHandlerAndAResponseIsNot() {
        assertEquals(Action.HANDLE_REQUEST_VOTE, MessageKind.REQUEST_VOTE.handledBy());
        assertEquals(Action.HANDLE_REQUEST_VOTE_RESPONSE, MessageKind.REQUEST_VOTE_RESPONSE.handledBy());
        assertEquals(Action.HANDLE_APPEND_ENTRIES, MessageKind.APPEND_ENTRIES.handledBy());
        assertEquals(Action.HANDLE_APPEND_ENTRIES_RESPONSE, MessageKind.APPEND_ENTRIES_RESPONSE.handledBy());
        for (MessageKind kind : MessageKind.values()) {
            assertEquals("Handle" + kind.label(), kind.handledBy().label());
        }
        assertEquals(MessageKind.REQUEST_VOTE, Action.START_ELECTION.sends());
        assertEquals(MessageKind.REQUEST_VOTE_RESPONSE, Action.HANDLE_REQUEST_VOTE.sends());
        assertEquals(MessageKind.APPEND_ENTRIES, Action.SEND_APPEND_ENTRIES.sends());
        assertEquals(MessageKind.APPEND_ENTRIES_RESPONSE, Action.HANDLE_APPEND_ENTRIES.sends());
        for (Action action : List.of(
                Action.HANDLE_REQUEST_VOTE_RESPONSE,
                Action.HANDLE_APPEND_ENTRIES_RESPONSE,
                Action.PROPOSE,
                Action.RESTART)) {
            assertNull(action.sends(), action.label());
        }
        for (Action action :
                List.of(Action.START_ELECTION, Action.PROPOSE, Action.SEND_APPEND_ENTRIES, Action.RESTART)) {
            assertNull(action.handles(), action.label());
        }
    }
}
