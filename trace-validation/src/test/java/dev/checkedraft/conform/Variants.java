package dev.checkedraft.conform;

import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Answer.Persist;
import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Ports that are right, and differ in what is theirs to choose. */
enum Variants {
    /** Of term, vote and log it stores what is another than before. */
    STORES_WHAT_CHANGED(() -> new Variant() {
        @Override
        Answer told(Answer answer) {
            Persist all = answer.persist();
            Long newTerm = Objects.equals(all.currentTerm(), oldTerm) ? null : all.currentTerm();
            boolean newVote = all.saysVote() && !Objects.equals(all.votedFor(), oldVote);
            return with(answer, new Persist(newTerm, newVote, newVote ? all.votedFor() : null, all.log()));
        }
    }),
    /** It stores all of term, vote and log whenever something happens. */
    STORES_ALL(() -> new Variant() {
        @Override
        Answer told(Answer answer) {
            boolean started = answer.persist().isNothing() && answer.send().isEmpty() && answer.apply() == null;
            return started ? answer : with(answer, new Persist(term, true, vote, new LogChange(1, List.copyOf(log))));
        }
    }),
    /** It tells what it stores and sends, and nothing that may be missing. */
    TELLS_NO_MORE_THAN_IT_MUST(() -> new Variant() {
        @Override
        Answer told(Answer answer) {
            return new Answer(
                    false, null, answer.persist(), answer.send(), null, Map.of(), answer.error(), false, false);
        }
    }),
    /** It does not handle what comes too late to matter, and a leader takes no notice of its election timeout. */
    IGNORES_WHAT_IT_MAY(() -> new Variant() {
        @Override
        public Answer electionTimeout() {
            return role.equals("Leader") ? Answer.did(null) : super.electionTimeout();
        }

        @Override
        public Answer receive(Message message) {
            boolean counts = message instanceof RequestVoteResponse
                    ? role.equals("Candidate")
                    : !(message instanceof AppendEntriesResponse) || role.equals("Leader");
            boolean isMine = message.to().equals(id) && servers.contains(message.from());
            boolean late = isMine && (message.term() < term || (message.term() == term && !counts));
            boolean isResponse = message instanceof RequestVoteResponse || message instanceof AppendEntriesResponse;
            return late && isResponse ? Answer.silent() : super.receive(message);
        }
    }),
    /** It tells of its own log among those of the others. */
    TELLS_ITS_OWN_MATCH(() -> new Variant() {
        @Override
        Answer told(Answer answer) {
            if (!(answer.state().get("matchIndex") instanceof Map<?, ?> others)) {
                return answer;
            }
            Map<Object, Object> all = new LinkedHashMap<>(others);
            all.put(id, (long) log.size());
            Map<String, Object> state = new LinkedHashMap<>(answer.state());
            state.put("matchIndex", all);
            return new Answer(
                    answer.saysAction(),
                    answer.action(),
                    answer.persist(),
                    answer.send(),
                    answer.apply(),
                    state,
                    answer.error(),
                    false,
                    false);
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // the suppliers hold nothing
    final Supplier<Port> nodes;

    Variants(Supplier<Port> nodes) {
        this.nodes = nodes;
    }

    /** The Java core, and what it has stored. */
    private static class Variant implements Port {
        private final Port core = new JavaPort();
        String id = "";
        List<String> servers = List.of();
        String role = "Follower";
        long term;

        @Nullable
        String vote;

        final List<Entry> log = new ArrayList<>();
        long oldTerm;

        @Nullable
        String oldVote;

        Answer told(Answer answer) {
            return answer;
        }

        @Override
        public Answer start(Config config, DurableState durable) {
            id = config.id();
            servers = config.servers();
            term = durable.hardState().currentTerm();
            vote = durable.hardState().votedFor();
            log.addAll(durable.log());
            return taken(core.start(config, durable));
        }

        @Override
        public Answer tick() {
            return taken(core.tick());
        }

        @Override
        public Answer electionTimeout() {
            return taken(core.electionTimeout());
        }

        @Override
        public Answer heartbeat() {
            return taken(core.heartbeat());
        }

        @Override
        public Answer receive(Message message) {
            return taken(core.receive(message));
        }

        @Override
        public Answer propose(String value) {
            return taken(core.propose(value));
        }

        private Answer taken(Answer answer) {
            if (answer.error() != null) {
                return answer;
            }
            Persist stored = answer.persist();
            oldTerm = term;
            oldVote = vote;
            if (stored.currentTerm() != null) {
                term = stored.currentTerm();
                vote = stored.votedFor();
            }
            LogChange change = stored.log();
            if (change != null) {
                log.subList((int) change.from() - 1, log.size()).clear();
                log.addAll(change.entries());
            }
            role = String.valueOf(answer.state().get("role"));
            return told(answer);
        }

        static Answer with(Answer answer, Persist persist) {
            return new Answer(
                    answer.saysAction(),
                    answer.action(),
                    persist,
                    answer.send(),
                    answer.apply(),
                    answer.state(),
                    answer.error(),
                    false,
                    false);
        }
    }
}
