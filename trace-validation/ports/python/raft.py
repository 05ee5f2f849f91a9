#!/usr/bin/env python3
"""Raft in Python: leader election and log replication, to be driven from outside.

Read it beside figure 2 of the extended Raft paper (https://raft.github.io/raft.pdf; section numbers are that paper's)
and beside spec/Raft.tla: one input is one action of the spec and one method here, under the same name in Python's
spelling. State and messages keep the names that figure 2 gives them.

Class Raft is the algorithm: inputs in, messages out, no I/O, no clock, no threads. Class Node adds the timers and says
what must be stored before what is sent. The rest speaks JSON lines on stdin and stdout (trace-validation/PORTING.md):

    ./raft conform -- python3 trace-validation/ports/python/raft.py

Python 3.8 or later, nothing but its standard library.
"""

import json
import random
import sys

FOLLOWER, CANDIDATE, LEADER = "Follower", "Candidate", "Leader"

# The value of the entry with which a leader begins its term. No client may propose it.
NO_OP = ""


class Refused(Exception):
    """An input that no correct cluster produces, or that this server cannot take now. No state has changed."""


class Log:
    """Entries {"term": t, "value": v} at the indexes 1 to last_index, their terms never decreasing."""

    def __init__(self, entries):
        self.entries = list(entries)
        self.changed_from = None  # the first index that changed since changes() was last asked; None if none did

    @property
    def last_index(self):
        return len(self.entries)

    @property
    def last_term(self):
        return self.term_at(self.last_index)

    def term_at(self, index):
        return 0 if index == 0 else self.entries[index - 1]["term"]

    def has_term(self, index, term):
        """Whether there is an entry of that term at that index; the empty beginning, 0 and 0, counts as one."""
        return index <= self.last_index and self.term_at(index) == term

    def slice(self, first, last):
        """The entries from one index to another, both included; none if first > last."""
        return self.entries[first - 1 : last]

    def replace_from(self, index, entries):
        """Removes what is at index and after it, then appends."""
        self.entries[index - 1 :] = entries
        self.changed_from = index if self.changed_from is None else min(self.changed_from, index)

    def append(self, entry):
        self.replace_from(self.last_index + 1, [entry])

    def changes(self):
        """What to store: the log from the first changed index to its end; None if nothing changed."""
        first, self.changed_from = self.changed_from, None
        return None if first is None else {"from": first, "entries": self.slice(first, self.last_index)}


class Raft:
    """The transitions of one server."""

    def __init__(self, id, servers, maxEntries, currentTerm, votedFor, log):
        """Starts, or restarts, a server: a follower that knows of no commit (the spec's Restart)."""
        self.id = id
        self.servers = servers
        self.peers = [server for server in servers if server != id]
        self.maxEntries = maxEntries  # the most entries in one AppendEntries; not part of safety

        # Durable: stored before any message that depends on it leaves.
        self.currentTerm = currentTerm
        self.votedFor = votedFor
        self.log = Log(log)

        # Volatile on all servers.
        self.role = FOLLOWER
        self.commitIndex = 0

        # Volatile on candidates. Sets: the same answer twice is one answer.
        self.votesGranted = set()
        self.votesRefused = set()

        # Volatile on leaders. 0 <= matchIndex < nextIndex; nextIndex is only a guess, which no safety argument needs.
        self.matchIndex = {}
        self.nextIndex = {}

        self.outbox = []  # messages to send, once what is durable is stored
        self.heard = False  # whether something put off the next election: a leader's message, a vote given

    # Elections -------------------------------------------------------------------------------------------------------

    def start_election(self):
        """The election timeout ended: a new term, a vote for itself, a request to everyone else (5.2)."""
        if self.role == LEADER:
            raise Refused(f"{self.id} leads and starts no election")
        self.currentTerm += 1
        self.votedFor = self.id
        self.heard = True
        for peer in self.peers:
            self.send("RequestVote", peer, lastLogIndex=self.log.last_index, lastLogTerm=self.log.last_term)
        self.become(CANDIDATE)
        self.votesGranted = {self.id}
        if self.is_majority(self.votesGranted):
            self.become_leader()

    def handle_request_vote(self, m):
        """One vote a term, first come first served (5.2), and only for a log at least as up to date (5.4.1)."""
        if m["term"] > self.currentTerm:
            self.adopt_term(m["term"])
        if m["lastLogTerm"] == self.log.last_term:
            up_to_date = m["lastLogIndex"] >= self.log.last_index
        else:
            up_to_date = m["lastLogTerm"] > self.log.last_term
        granted = m["term"] == self.currentTerm and self.votedFor in (None, m["from"]) and up_to_date
        if granted:
            self.votedFor = m["from"]
            self.heard = True
        self.send("RequestVoteResponse", m["from"], voteGranted=granted)

    def handle_request_vote_response(self, m):
        """More than half granted: lead. More than half refused: follow. Late answers change nothing (5.2)."""
        if m["term"] > self.currentTerm:
            self.adopt_term(m["term"])
        elif m["term"] == self.currentTerm and self.role == CANDIDATE:
            (self.votesGranted if m["voteGranted"] else self.votesRefused).add(m["from"])
            if self.is_majority(self.votesGranted):
                self.become_leader()
            elif self.is_majority(self.votesRefused):
                self.become(FOLLOWER)

    # Log replication -------------------------------------------------------------------------------------------------

    def propose(self, value):
        """A client's value goes to the end of the leader's log (5.3)."""
        if self.role != LEADER:
            raise Refused(f"{self.id} does not lead and takes no proposals")
        if value == NO_OP:
            raise Refused("an empty value is the no-op's and cannot be proposed")
        self.log.append({"term": self.currentTerm, "value": value})
        self.advance_commit_index()
        self.send_heartbeats()

    def send_heartbeats(self):
        """Everyone gets the entries it is not known to have, or none, which is a heartbeat (5.2, 5.3)."""
        if self.role == LEADER:
            for peer in self.peers:
                self.send_append_entries(peer)

    def send_append_entries(self, peer):
        """Sends a slice of the log. Which, when, and how much at once is not part of safety."""
        prev = self.nextIndex[peer] - 1
        self.send(
            "AppendEntries",
            peer,
            prevLogIndex=prev,
            prevLogTerm=self.log.term_at(prev),
            entries=self.log.slice(prev + 1, prev + self.maxEntries),
            leaderCommit=self.commitIndex,
        )

    def handle_append_entries(self, m):
        """The consistency check, the removal of what conflicts, the append, the commit index (5.3)."""
        if m["term"] == self.currentTerm and self.role == LEADER:
            raise Refused(f"{self.id} leads term {self.currentTerm}; {m['from']} cannot lead it too")
        if m["term"] > self.currentTerm:
            self.adopt_term(m["term"])
        success = False
        if m["term"] == self.currentTerm:
            self.become(FOLLOWER)  # a candidate that hears from the leader of its term follows (5.2)
            self.heard = True
            success = self.log.has_term(m["prevLogIndex"], m["prevLogTerm"])
        matchIndex = m["prevLogIndex"]
        if success:
            self.store_missing(m["prevLogIndex"] + 1, m["entries"])
            matchIndex += len(m["entries"])
            # Not beyond what this message vouches for: what follows it may conflict with the leader's log.
            self.commitIndex = max(self.commitIndex, min(m["leaderCommit"], matchIndex))
        self.send("AppendEntriesResponse", m["from"], success=success, matchIndex=matchIndex)

    def store_missing(self, first, entries):
        """Removes from the first conflict on, and only that: an overtaken message must not cut off what came later."""
        for k, entry in enumerate(entries):
            if not self.log.has_term(first + k, entry["term"]):
                self.log.replace_from(first + k, entries[k:])
                return

    def handle_append_entries_response(self, m):
        """What a follower holds may now be committed; a refusal says only what to send next (5.3)."""
        if m["term"] > self.currentTerm:
            self.adopt_term(m["term"])
        elif m["term"] == self.currentTerm and self.role == LEADER:
            peer, before = m["from"], self.nextIndex[m["from"]]
            if m["success"]:
                self.matchIndex[peer] = max(self.matchIndex[peer], m["matchIndex"])
                self.nextIndex[peer] = max(before, self.matchIndex[peer] + 1)
                self.advance_commit_index()
            else:  # one step back, "decrement nextIndex and retry", but never below what is known to match
                self.nextIndex[peer] = max(self.matchIndex[peer] + 1, min(before, m["matchIndex"]))
            if self.nextIndex[peer] != before and self.nextIndex[peer] <= self.log.last_index:
                self.send_append_entries(peer)

    # Parts of the above ----------------------------------------------------------------------------------------------

    def adopt_term(self, term):
        """A newer term in any message: adopt it, with no vote yet, and follow (5.1)."""
        self.currentTerm = term
        self.votedFor = None
        self.become(FOLLOWER)

    def become(self, role):
        """Takes a role, and forgets what only another has."""
        self.role = role
        self.votesGranted = set()
        self.votesRefused = set()
        self.matchIndex = {}
        self.nextIndex = {}

    def become_leader(self):
        """Begins the term with a no-op entry, so that older entries can be committed too (5.4.2, 8)."""
        self.become(LEADER)
        for peer in self.peers:
            self.matchIndex[peer] = 0
            self.nextIndex[peer] = self.log.last_index + 1
        self.log.append({"term": self.currentTerm, "value": NO_OP})
        self.advance_commit_index()
        self.send_heartbeats()

    def advance_commit_index(self):
        """Commits the last entry of its own term that a majority holds, and all before it (5.3, 5.4.2 and figure 8)."""
        for index in range(self.log.last_index, self.commitIndex, -1):
            holders = {self.id} | {peer for peer in self.peers if self.matchIndex[peer] >= index}
            if self.log.term_at(index) == self.currentTerm and self.is_majority(holders):
                self.commitIndex = index
                return

    def is_majority(self, servers):
        return 2 * len(servers) > len(self.servers)

    def send(self, type, to, **fields):
        self.outbox.append({"type": type, "term": self.currentTerm, "from": self.id, "to": to, **fields})


HANDLERS = {
    "RequestVote": ("HandleRequestVote", Raft.handle_request_vote),
    "RequestVoteResponse": ("HandleRequestVoteResponse", Raft.handle_request_vote_response),
    "AppendEntries": ("HandleAppendEntries", Raft.handle_append_entries),
    "AppendEntriesResponse": ("HandleAppendEntriesResponse", Raft.handle_append_entries_response),
}


class Node:
    """One server with its timers. Each input returns its answer: what to store, then to send, then to apply."""

    def __init__(self, start):
        durable = start["durable"]
        self.start = start
        self.raft = Raft(
            start["id"],
            start["servers"],
            start["maxEntries"],
            durable["currentTerm"],
            durable["votedFor"],
            durable["log"],
        )
        self.elapsed = 0  # ticks since the election timer was reset, or since a leader's last heartbeat
        self.applied = 0  # entries up to here were handed out; a restarted server begins again

    def election_timeout(self):
        """In ticks: drawn anew for every term, from the seed, so that a run can be repeated (5.2)."""
        draw = random.Random(f"{self.start['seed']} {self.raft.id} {self.raft.currentTerm}")
        return draw.randint(self.start["minElectionTimeout"], self.start["maxElectionTimeout"])

    def tick(self):
        self.elapsed += 1
        if self.raft.role == LEADER:
            if self.elapsed >= self.start["heartbeatInterval"]:
                self.heartbeat()
        elif self.elapsed >= self.election_timeout():
            return self.timeout()
        return None

    def timeout(self):
        self.raft.start_election()
        return "StartElection"

    def heartbeat(self):
        self.elapsed = 0
        self.raft.send_heartbeats()

    def propose(self, value):
        self.raft.propose(value)
        return "Propose"

    def message(self, m):
        if m["to"] != self.raft.id:
            raise Refused(f"a message for {m['to']} came to {self.raft.id}")
        if m["from"] not in self.raft.peers:
            raise Refused(f"a message from {m['from']}, which is no other server of {self.raft.servers}")
        action, handle = HANDLERS[m["type"]]
        handle(self.raft, m)
        return action

    def handle(self, kind, body):
        """Handles one input and says what came of it."""
        raft = self.raft
        durable, led = (raft.currentTerm, raft.votedFor), raft.role == LEADER
        if kind == "tick":
            action = self.tick()
        elif kind == "electionTimeout":
            action = self.timeout()
        elif kind == "heartbeat":
            action = self.heartbeat()
        elif kind == "propose":
            action = self.propose(body["value"])
        elif kind == "message":
            action = self.message(body)
        else:
            raise Refused(f"no input is called {kind}")
        if raft.heard or led != (raft.role == LEADER):
            self.elapsed = 0
        raft.heard = False
        return self.answer(action, durable)

    def answer(self, action, durable_before):
        raft = self.raft
        answer = {"action": action}
        persist = {}
        if (raft.currentTerm, raft.votedFor) != durable_before:
            persist.update(currentTerm=raft.currentTerm, votedFor=raft.votedFor)
        log = raft.log.changes()
        if log is not None:
            persist["log"] = log
        if persist:
            answer["persist"] = persist
        if raft.outbox:
            answer["send"], raft.outbox = raft.outbox, []
        if raft.commitIndex > self.applied:
            committed = raft.log.slice(self.applied + 1, raft.commitIndex)
            answer["apply"] = {"from": self.applied + 1, "entries": committed}
            self.applied = raft.commitIndex
        answer["state"] = {
            "currentTerm": raft.currentTerm,
            "votedFor": raft.votedFor,
            "role": raft.role,
            "commitIndex": raft.commitIndex,
            "votesGranted": sorted(raft.votesGranted),
            "votesRefused": sorted(raft.votesRefused),
            "matchIndex": {peer: raft.matchIndex.get(peer, 0) for peer in raft.peers},
        }
        return answer


def main():
    node = None
    for line in sys.stdin:
        asked = json.loads(line)
        number = asked.pop("number", None)
        [(kind, body)] = asked.items()
        if kind == "start":
            node = Node(body)  # from nothing but what is durable, also if this process was started before
            answer = node.answer("Restart", (node.raft.currentTerm, node.raft.votedFor))
            answer.update(reuse=True, numbered=True)
        else:
            try:
                answer = node.handle(kind, body)
            except Refused as reason:
                answer = {"error": str(reason)}
        if number is not None:
            answer["number"] = number  # so that it is told from the answer to another input
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
