package example;

import dev.checkedraft.core.Action;
import dev.checkedraft.core.Config;
import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.core.Message;
import dev.checkedraft.core.Message.AppendEntries;
import dev.checkedraft.core.Message.AppendEntriesResponse;
import dev.checkedraft.core.Message.RequestVote;
import dev.checkedraft.core.Message.RequestVoteResponse;
import dev.checkedraft.port.Answer;
import dev.checkedraft.port.Port;
import dev.checkedraft.trace.StateFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A team's own Raft, small, behind the kit's interface. The system property {@code planted} gives it a bug. */
public class TinyRaft implements Port {
    private final String planted;
    private Config config;

    // Durable.
    private long term;
    private String vote;
    private final List<Entry> log = new ArrayList<>();

    // Volatile.
    private String role = "Follower";
    private long commit;
    private long applied;
    private int ticks;
    private final Set<String> granted = new TreeSet<>();
    private final Set<String> refused = new TreeSet<>();
    private final Map<String, Long> match = new HashMap<>();
    private final Map<String, Long> next = new HashMap<>();

    // Of the input at hand.
    private final List<Message> out = new ArrayList<>();
    private long changedFrom;

    public TinyRaft() {
        this(System.getProperty("planted", ""));
    }

    public TinyRaft(String planted) {
        this.planted = planted;
    }

    @Override
    public Answer start(Config start, DurableState durable) {
        config = start;
        term = durable.hardState().currentTerm();
        vote = durable.hardState().votedFor();
        log.addAll(durable.log());
        return answer(Action.RESTART);
    }

    @Override
    public Answer tick() {
        ticks++;
        if (role.equals("Leader")) {
            return ticks < config.heartbeatInterval() ? answer(null) : heartbeat();
        }
        Random random = new Random(31 * (31 * config.seed() + config.id().hashCode()) + term);
        int range = config.maxElectionTimeout() - config.minElectionTimeout() + 1;
        return ticks < config.minElectionTimeout() + random.nextInt(range) ? answer(null) : electionTimeout();
    }

    @Override
    public Answer electionTimeout() {
        if (role.equals("Leader")) {
            return Answer.refused(config.id() + " leads");
        }
        become("Candidate", term + 1, config.id());
        granted.add(config.id());
        for (String peer : config.peers()) {
            out.add(new RequestVote(term, config.id(), peer, log.size(), termAt(log.size())));
        }
        leadIfElected();
        return answer(Action.START_ELECTION);
    }

    @Override
    public Answer heartbeat() {
        replicate();
        return answer(null);
    }

    @Override
    public Answer propose(String value) {
        if (!role.equals("Leader") || value.isEmpty()) {
            return Answer.refused(config.id() + " takes no proposal");
        }
        append(new Entry(term, value));
        return answer(Action.PROPOSE);
    }

    @Override
    public Answer receive(Message message) {
        if (!message.to().equals(config.id()) || !config.peers().contains(message.from())) {
            return Answer.refused("not for me: " + message);
        }
        if (message.term() > term) {
            become("Follower", message.term(), null);
        }
        if (message instanceof RequestVote m) {
            return requestVote(m);
        } else if (message instanceof RequestVoteResponse m) {
            return requestVoteResponse(m);
        } else if (message instanceof AppendEntries m) {
            return appendEntries(m);
        }
        return appendEntriesResponse((AppendEntriesResponse) message);
    }

    private Answer requestVote(RequestVote m) {
        long lastTerm = termAt(log.size());
        boolean upToDate = m.lastLogTerm() > lastTerm
                || (m.lastLogTerm() == lastTerm && m.lastLogIndex() >= log.size())
                || planted.equals("vote-for-anyone");
        boolean grants = m.term() == term && (vote == null || vote.equals(m.from())) && upToDate;
        if (grants) {
            vote = m.from();
            ticks = 0;
        }
        out.add(new RequestVoteResponse(term, config.id(), m.from(), grants));
        return answer(Action.HANDLE_REQUEST_VOTE);
    }

    private Answer requestVoteResponse(RequestVoteResponse m) {
        if (m.term() == term && role.equals("Candidate")) {
            (m.voteGranted() ? granted : refused).add(m.from());
            leadIfElected();
            if (isMajority(refused.size())) {
                become("Follower", term, vote);
            }
        }
        return answer(Action.HANDLE_REQUEST_VOTE_RESPONSE);
    }

    private Answer appendEntries(AppendEntries m) {
        long prev = m.prevLogIndex();
        boolean success = false;
        if (m.term() == term) {
            become("Follower", term, vote);
            ticks = 0;
            success = prev == 0 || (prev <= log.size() && termAt(prev) == m.prevLogTerm());
        }
        if (success) {
            for (int k = 0; k < m.entries().size(); k++) {
                long index = prev + 1 + k;
                if (index > log.size() || termAt(index) != m.entries().get(k).term()) {
                    truncate(index);
                    log.addAll(m.entries().subList(k, m.entries().size()));
                    break;
                }
            }
            long vouched = planted.equals("commit-beyond-message")
                    ? log.size()
                    : prev + m.entries().size();
            commit = Math.max(commit, Math.min(m.leaderCommit(), vouched));
        }
        long matched = success ? prev + m.entries().size() : prev;
        out.add(new AppendEntriesResponse(term, config.id(), m.from(), success, matched));
        return answer(Action.HANDLE_APPEND_ENTRIES);
    }

    private Answer appendEntriesResponse(AppendEntriesResponse m) {
        if (m.term() == term && role.equals("Leader")) {
            long known = match.get(m.from());
            if (m.success()) {
                match.put(m.from(), Math.max(known, m.matchIndex()));
                next.merge(m.from(), match.get(m.from()) + 1, Math::max);
                advance();
            } else {
                next.merge(m.from(), m.matchIndex(), (now, told) -> Math.max(known + 1, Math.min(now, told)));
            }
        }
        return answer(Action.HANDLE_APPEND_ENTRIES_RESPONSE);
    }

    private void become(String newRole, long newTerm, String newVote) {
        role = newRole;
        term = newTerm;
        vote = newVote;
        ticks = newRole.equals("Follower") ? ticks : 0;
        granted.clear();
        refused.clear();
        match.clear();
        next.clear();
    }

    private void leadIfElected() {
        if (isMajority(granted.size())) {
            become("Leader", term, vote);
            config.peers().forEach(peer -> match.put(peer, 0L));
            config.peers().forEach(peer -> next.put(peer, log.size() + 1L));
            append(Entry.noOp(term));
        }
    }

    private void append(Entry entry) {
        truncate(log.size() + 1);
        log.add(entry);
        advance();
        replicate();
    }

    private void truncate(long from) {
        log.subList((int) from - 1, log.size()).clear();
        changedFrom = changedFrom == 0 ? from : Math.min(changedFrom, from);
    }

    private void advance() {
        for (long index = log.size(); index > commit && termAt(index) == term; index--) {
            long at = index;
            if (isMajority(
                    1 + (int) match.values().stream().filter(m -> m >= at).count())) {
                commit = index;
            }
        }
    }

    private void replicate() {
        for (String peer : role.equals("Leader") ? config.peers() : List.<String>of()) {
            ticks = 0;
            int prev = (int) (next.get(peer) - 1);
            List<Entry> slice = log.subList(prev, Math.min(log.size(), prev + config.maxEntries()));
            out.add(new AppendEntries(term, config.id(), peer, prev, termAt(prev), slice, commit));
        }
    }

    private boolean isMajority(int servers) {
        return 2 * servers > config.servers().size();
    }

    private long termAt(long index) {
        return index == 0 ? 0 : log.get((int) index - 1).term();
    }

    private Answer answer(Action action) {
        StateFields state =
                new StateFields().currentTerm(term).votedFor(vote).role(role).commitIndex(commit);
        Answer answer = Answer.did(action)
                .persisting(new HardState(term, vote))
                .sending(List.copyOf(out))
                .state(state);
        if (changedFrom > 0) {
            answer = answer.persisting(new LogChange(changedFrom, log.subList((int) changedFrom - 1, log.size())));
        }
        if (commit > applied) {
            answer = answer.applying(new LogChange(applied + 1, log.subList((int) applied, (int) commit)));
        }
        applied = commit;
        changedFrom = 0;
        out.clear();
        return answer;
    }
}
