package dev.checkedraft.safety;

import dev.checkedraft.core.DurableState;
import dev.checkedraft.core.Entry;
import dev.checkedraft.core.HardState;
import dev.checkedraft.core.LogChange;
import dev.checkedraft.safety.LogForest.Held;
import dev.checkedraft.schedule.Nodes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Checks every {@link Property} down to Persisted after every step, at a cost that depends on what the step changed and not
 * on how long the logs are. (After a restart it reads one log; and when a node of an old term begins to lead, what was
 * committed that it lacks.)
 *
 * <p>A log is what a node made durable; term, vote, role, commit index and matchIndex are what it has in memory. A node that
 * is down counts as it was, as in the spec.
 */
public final class SafetyChecker implements StepChecker {
    private final int nodes;
    private final Set<Property> checked;
    private final IntFunction<String> names;
    private long step = 0;

    // By node.
    private final Observation[] last;
    private final HardState[] durable;
    private final long[] applied;
    private final LogForest logs;

    /** Whoever led a term. */
    private final Map<Long, Integer> leaders = new HashMap<>();

    /** What was ever committed: as the first node to know found it in its log, and the term it was then in. */
    private final List<Committed> committed = new ArrayList<>();

    private record Committed(Held held, long term) {}

    public SafetyChecker(int nodes) {
        this(nodes, EnumSet.allOf(Property.class), Nodes::name);
    }

    /** Checks a cluster that begins with a state that all its nodes have. */
    public SafetyChecker(int nodes, DurableState begin) {
        this(nodes);
        for (int node = 1; node <= nodes; node++) {
            durable[node] = begin.hardState();
            logs.replace(node, 1, begin.log());
            last[node] = new Observation(
                    node, true, begin.hardState().currentTerm(), null, false, 0, Collections.emptyList(), null, null);
        }
    }

    /**
     * Checks only some, and always Log Matching and State Machine Safety, on which the others rest.
     *
     * @param names what violations call the nodes, from 1 on
     */
    public SafetyChecker(int nodes, Set<Property> checked, IntFunction<String> names) {
        this.nodes = nodes;
        this.names = names;
        this.checked = EnumSet.copyOf(checked);
        this.checked.add(Property.LOG_MATCHING);
        this.checked.add(Property.STATE_MACHINE_SAFETY);
        this.logs = new LogForest(nodes);
        this.applied = new long[nodes + 1];
        this.durable = new HardState[nodes + 1];
        this.last = new Observation[nodes + 1];
        for (int node = 0; node <= nodes; node++) {
            durable[node] = HardState.INITIAL;
            last[node] = new Observation(node, true, 0, null, false, 0, Collections.emptyList(), null, null);
        }
    }

    @Override
    public void check(long atStep, Observation now) {
        step = atStep;
        Observation before = last[now.node()];
        checkTermAndVote(before, now);
        boolean leadsOn = before.leads() && now.leads() && before.term() == now.term();
        boolean overwrote = store(now, leadsOn);
        if (now.core() != null) {
            checkPersisted(now, now.core());
        }
        last[now.node()] = now;
        if (now.leads() && !leadsOn) {
            checkElection(now);
        }
        if (now.core() != null && now.core().leader() != null) {
            checkNamed(now, now.core().leader());
        }
        if (now.leads() && (!leadsOn || overwrote)) {
            checkCompleteness(now);
        }
        checkCommit(before, now);
        if (now.core() != null) {
            checkApplied(now, now.core());
        }
        checkMatchIndex(before, now, leadsOn);
    }

    private void checkTermAndVote(Observation before, Observation now) {
        if (now.term() < before.term()) {
            violated(
                    Property.TERM_NEVER_GOES_BACK,
                    name(now) + " was in term " + before.term() + " and is in term " + now.term());
        }
        if (now.term() == before.term()
                && before.votedFor() != null
                && !Objects.equals(before.votedFor(), now.votedFor())) {
            violated(
                    Property.ONE_VOTE_A_TERM,
                    name(now) + " voted for " + before.votedFor() + " in term " + now.term() + " and now for "
                            + (now.votedFor() == null ? "nobody" : now.votedFor()));
        }
    }

    /** Takes in what was made durable; returns whether an entry was removed or replaced. */
    private boolean store(Observation now, boolean leadsOn) {
        LogChange change = now.log();
        if (change == null) {
            return false;
        }
        long oldLast = logs.lastIndex(now.node());
        boolean overwrites = change.from() <= oldLast;
        if (leadsOn && overwrites) {
            checkAppendOnly(now, change, oldLast);
        }
        Held conflict = logs.replace(now.node(), change.from(), change.entries());
        if (conflict != null) {
            violated(
                    Property.LOG_MATCHING,
                    name(now) + " and " + holder(conflict) + " both hold an entry of term " + conflict.entry.term()
                            + " at index " + conflict.index + ", but differ there or before");
        }
        if (overwrites) {
            checkSurvival(name(now) + " overwrote it");
        }
        return overwrites;
    }

    private void checkAppendOnly(Observation now, LogChange change, long oldLast) {
        for (long index = change.from(); index <= oldLast; index++) {
            int k = (int) (index - change.from());
            Entry old = logs.get(now.node(), index).entry;
            if (k >= change.entries().size() || !change.entries().get(k).equals(old)) {
                violated(
                        Property.LEADER_APPEND_ONLY,
                        name(now) + " leads term " + now.term() + " and removed its entry " + old + " at index "
                                + index);
            }
        }
    }

    private void checkPersisted(Observation now, Observation.Core core) {
        HardState hardState = core.hardState();
        if (hardState != null) {
            durable[now.node()] = hardState;
        }
        HardState stored = durable[now.node()];
        if (stored.currentTerm() != now.term() || !Objects.equals(stored.votedFor(), now.votedFor())) {
            violated(
                    Property.PERSISTED,
                    name(now) + " is in term " + now.term() + " with vote " + now.votedFor() + "; durable is term "
                            + stored.currentTerm() + " with vote " + stored.votedFor());
        }
        long size = logs.lastIndex(now.node());
        boolean same = core.logView().size() == size;
        // The last entry tells, unless the node is broken in an odd way; a restart is rare enough to look at all.
        long first = now.restarted() ? 1 : Math.max(1, size);
        for (long index = first; same && index <= size; index++) {
            same = logs.get(now.node(), index).entry.equals(core.logView().get((int) index - 1));
        }
        if (!same) {
            violated(
                    Property.PERSISTED,
                    name(now) + " has a log of " + core.logView().size() + " entries that is not its durable one, of "
                            + size);
        }
    }

    private void checkElection(Observation now) {
        Integer other = leaders.putIfAbsent(now.term(), now.node());
        if (other != null && other != now.node()) {
            violated(
                    Property.ELECTION_SAFETY,
                    name(now) + " leads term " + now.term() + ", which " + names.apply(other) + " led");
        }
    }

    private void checkNamed(Observation now, String leader) {
        Integer led = leaders.get(now.term());
        if (led == null || !names.apply(led).equals(leader)) {
            violated(
                    Property.NAMED_LEADER_LED,
                    name(now) + " names " + leader + " as the leader of term " + now.term() + ", which "
                            + (led == null ? "nobody" : names.apply(led)) + " led");
        }
    }

    /** All that was committed in older terms is in the log of who begins to lead. */
    private void checkCompleteness(Observation leader) {
        // Its log holds what was committed up to some index, and nothing of it after that.
        for (int k = committed.size() - 1; k >= 0 && !logs.holds(leader.node(), committed.get(k).held); k--) {
            if (committed.get(k).term < leader.term()) {
                incomplete(leader, committed.get(k));
            }
        }
    }

    private void incomplete(Observation leader, Committed missing) {
        violated(
                Property.LEADER_COMPLETENESS,
                name(leader) + " leads term " + leader.term() + " and lacks " + missing.held.entry
                        + ", committed at index " + missing.held.index + " in term " + missing.term);
    }

    private void checkCommit(Observation before, Observation now) {
        if (now.commitIndex() < before.commitIndex() && !now.restarted()) {
            violated(
                    Property.COMMIT_INDEX_NEVER_GOES_BACK,
                    name(now) + " had commit index " + before.commitIndex() + " and has " + now.commitIndex());
        }
        if (now.commitIndex() > logs.lastIndex(now.node())) {
            violated(
                    Property.STATE_MACHINE_SAFETY,
                    name(now) + " knows entries to be committed up to index " + now.commitIndex()
                            + " and its log ends at " + logs.lastIndex(now.node()));
        }
        long known = Math.min(now.commitIndex(), committed.size());
        if (known > 0 && !logs.holds(now.node(), committedAt(known).held)) {
            violated(
                    Property.STATE_MACHINE_SAFETY,
                    name(now) + " knows its entries to be committed up to index " + now.commitIndex()
                            + ", but they differ from those committed by others at index " + known + " or before");
        }
        if (now.commitIndex() > committed.size()) {
            for (long index = committed.size() + 1L; index <= now.commitIndex(); index++) {
                committed.add(new Committed(logs.get(now.node(), index), now.term()));
            }
            checkSurvival(name(now) + " committed it");
            for (int node = 1; node <= nodes; node++) {
                Committed newest = committed.get(committed.size() - 1);
                if (last[node].leads() && last[node].term() > newest.term && !logs.holds(node, newest.held)) {
                    incomplete(last[node], newest);
                }
            }
        }
    }

    /** A majority holds all that is committed. Who holds the last entry holds those before it. */
    private void checkSurvival(String why) {
        if (committed.isEmpty()) {
            return;
        }
        Held newest = committed.get(committed.size() - 1).held;
        if (2 * newest.holders() <= nodes) {
            violated(
                    Property.COMMITTED_ENTRIES_SURVIVE,
                    newest.entry + " is committed at index " + newest.index + ", and " + newest.holders() + " of "
                            + nodes + " nodes hold it: " + why);
        }
    }

    /** Nodes hand out what is committed: each entry once in a life, in order, as soon as they know of it. */
    private void checkApplied(Observation now, Observation.Core core) {
        long next = now.restarted() ? 1 : applied[now.node()] + 1;
        if (!core.applied().isEmpty() && core.appliedFrom() != next) {
            violated(
                    Property.STATE_MACHINE_SAFETY,
                    name(now) + " applies the entry of index " + core.appliedFrom() + " before that of " + next);
        }
        for (Entry entry : core.applied()) {
            if (next > committed.size() || !committedAt(next).held.entry.equals(entry)) {
                violated(
                        Property.STATE_MACHINE_SAFETY,
                        name(now) + " applies " + entry + " at index " + next + ", which is not what was committed");
            }
            next++;
        }
        applied[now.node()] = next - 1;
        if (next - 1 != now.commitIndex()) {
            violated(
                    Property.STATE_MACHINE_SAFETY,
                    name(now) + " has applied entries up to index " + (next - 1) + " and its commit index is "
                            + now.commitIndex());
        }
    }

    private void checkMatchIndex(Observation before, Observation now, boolean leadsOn) {
        for (int other = 1; other <= nodes; other++) {
            if (other == now.node()) {
                continue;
            }
            if (leadsOn && now.matchOf(other) < before.matchOf(other)) {
                violated(
                        Property.MATCH_INDEX_NEVER_GOES_BACK,
                        name(now) + " knew of " + names.apply(other) + "'s log up to index " + before.matchOf(other)
                                + ", and now up to " + now.matchOf(other));
            }
            checkMatch(now, last[other]);
            checkMatch(last[other], now);
        }
    }

    private void checkMatch(Observation leader, Observation follower) {
        long match = leader.matchOf(follower.node());
        if (!leader.leads() || leader.term() != follower.term() || match == 0) {
            return;
        }
        boolean isSo =
                match <= logs.lastIndex(leader.node()) && logs.holds(follower.node(), logs.get(leader.node(), match));
        if (!isSo) {
            violated(
                    Property.MATCH_INDEX_IS_TRUE,
                    name(leader) + " takes " + name(follower) + "'s log to equal its own up to index " + match);
        }
    }

    private Committed committedAt(long index) {
        return committed.get((int) index - 1);
    }

    private String holder(Held held) {
        for (int node = 1; node <= nodes; node++) {
            if (logs.holds(node, held)) {
                return names.apply(node);
            }
        }
        return "another";
    }

    private String name(Observation of) {
        return names.apply(of.node());
    }

    private void violated(Property property, String what) {
        if (checked.contains(property)) {
            throw new SafetyViolation(property, step, what, null);
        }
    }
}
