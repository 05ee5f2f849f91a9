#!/usr/bin/env node
// Raft in JavaScript: leader election and log replication, driven by events.
//
// Read it beside spec/Raft.tla: an input is one action of the spec and one method of class Raft, under the same name in
// JavaScript's spelling. Section numbers are those of the extended Raft paper (https://raft.github.io/raft.pdf).
//
// Class Raft is the algorithm. Inputs are calls; what comes of one it emits, as it happens: "store" and "log" (to be made
// durable first), "send", "commit", and "calm" (something put off the next election). It has no I/O and no clock.
// Class Node listens: its timer to "calm", its answers to the rest. What speaks JSON lines on stdin and stdout
// (trace-validation/PORTING.md) is at the end:
//
//     ./raft conform -- node trace-validation/ports/javascript/raft.mjs
//
// Node 20, nothing but its standard library. README.md says how it differs from the port in Python.

import { EventEmitter } from "node:events";
import { createHash } from "node:crypto";

const FOLLOWER = "Follower";
const CANDIDATE = "Candidate";
const LEADER = "Leader";
const NO_OP = ""; // the value of the entry with which a leader begins its term

/** An input that no correct cluster produces, or that this server cannot take now. Nothing has changed. */
class Refused extends Error {}

class Raft extends EventEmitter {
  // Starts, or restarts: a follower that knows of no commit (the spec's Restart).
  constructor({ id, servers, maxEntries, durable }) {
    super();
    this.id = id;
    this.servers = servers;
    this.peers = servers.filter((server) => server !== id);
    this.maxEntries = maxEntries;
    this.currentTerm = durable.currentTerm;
    this.votedFor = durable.votedFor;
    this.log = [{ term: 0 }, ...durable.log]; // log[i] is the entry of index i; before the first there is term 0
    this.commitIndex = 0;
    this.role = { name: FOLLOWER };
  }

  // Elections -----------------------------------------------------------------------------------------------------

  // The election timeout ended: a new term, a vote for itself, a request to everyone else (5.2).
  startElection() {
    if (this.leads) throw new Refused(`${this.id} leads and starts no election`);
    this.vote(this.currentTerm + 1, this.id);
    this.emit("calm");
    this.role = { name: CANDIDATE, granted: new Set([this.id]), refused: new Set() };
    for (const peer of this.peers) {
      this.send("RequestVote", peer, { lastLogIndex: this.lastIndex, lastLogTerm: this.lastTerm });
    }
    this.leadIfElected();
  }

  // One vote a term, first come first served (5.2), and only for a log at least as up to date (5.4.1).
  handleRequestVote(m) {
    this.adopt(m.term);
    const upToDate =
      m.lastLogTerm === this.lastTerm ? m.lastLogIndex >= this.lastIndex : m.lastLogTerm > this.lastTerm;
    const free = this.votedFor === null || this.votedFor === m.from;
    const voteGranted = m.term === this.currentTerm && free && upToDate;
    if (voteGranted) {
      this.vote(this.currentTerm, m.from);
      this.emit("calm");
    }
    this.send("RequestVoteResponse", m.from, { voteGranted });
  }

  // More than half granted: lead. More than half refused: follow. Late answers change nothing (5.2).
  handleRequestVoteResponse(m) {
    this.adopt(m.term);
    if (m.term < this.currentTerm || this.role.name !== CANDIDATE) return;
    (m.voteGranted ? this.role.granted : this.role.refused).add(m.from);
    if (this.isMajority(this.role.refused.size)) this.role = { name: FOLLOWER };
    else this.leadIfElected();
  }

  leadIfElected() {
    if (!this.isMajority(this.role.granted.size)) return;
    this.role = { name: LEADER, followers: new Map() };
    for (const peer of this.peers) this.role.followers.set(peer, { match: 0, next: this.lastIndex + 1 });
    this.append(NO_OP); // so that older entries can be committed too (5.4.2, 8)
  }

  // Log replication -----------------------------------------------------------------------------------------------

  // A client's value goes to the end of the leader's log (5.3).
  propose(value) {
    if (!this.leads) throw new Refused(`${this.id} does not lead and takes no proposals`);
    if (value === NO_OP) throw new Refused("an empty value is the no-op's and cannot be proposed");
    this.append(value);
  }

  append(value) {
    this.replaceFrom(this.lastIndex + 1, [{ term: this.currentTerm, value }]);
    this.advance();
    this.replicate();
  }

  // Everyone gets the entries it is not known to have, or none, which is a heartbeat (5.2, 5.3).
  replicate() {
    if (this.leads) this.peers.forEach((peer) => this.sendAppendEntries(peer));
  }

  sendAppendEntries(peer) {
    const { next } = this.role.followers.get(peer);
    this.send("AppendEntries", peer, {
      prevLogIndex: next - 1,
      prevLogTerm: this.log[next - 1].term,
      entries: this.log.slice(next, next + this.maxEntries),
      leaderCommit: this.commitIndex,
    });
  }

  // The consistency check, the removal of what conflicts, the append, the commit index (5.3).
  handleAppendEntries(m) {
    if (m.term === this.currentTerm && this.leads) throw new Refused(`${this.id} leads term ${m.term} itself`);
    this.adopt(m.term);
    const current = m.term === this.currentTerm;
    if (current) {
      this.role = { name: FOLLOWER }; // a candidate that hears from the leader of its term follows (5.2)
      this.emit("calm");
    }
    const success = current && this.has(m.prevLogIndex, m.prevLogTerm);
    let matchIndex = m.prevLogIndex;
    if (success) {
      // Only what conflicts goes: an overtaken message must not cut off what came later.
      const first = m.entries.findIndex((entry, k) => !this.has(m.prevLogIndex + 1 + k, entry.term));
      if (first >= 0) this.replaceFrom(m.prevLogIndex + 1 + first, m.entries.slice(first));
      matchIndex += m.entries.length;
      // Not beyond what this message vouches for: what follows it may conflict with the leader's log.
      this.commitTo(Math.min(m.leaderCommit, matchIndex));
    }
    this.send("AppendEntriesResponse", m.from, { success, matchIndex });
  }

  // What a follower holds may now be committed; a refusal says only what to send next (5.3).
  handleAppendEntriesResponse(m) {
    this.adopt(m.term);
    if (m.term < this.currentTerm || !this.leads) return;
    const follower = this.role.followers.get(m.from);
    const before = follower.next;
    if (m.success) {
      follower.match = Math.max(follower.match, m.matchIndex);
      follower.next = Math.max(before, follower.match + 1);
      this.advance();
    } else {
      follower.next = Math.max(follower.match + 1, Math.min(before, m.matchIndex));
    }
    if (follower.next !== before && follower.next <= this.lastIndex) this.sendAppendEntries(m.from);
  }

  // Parts of the above --------------------------------------------------------------------------------------------

  get leads() {
    return this.role.name === LEADER;
  }

  get lastIndex() {
    return this.log.length - 1;
  }

  get lastTerm() {
    return this.log[this.lastIndex].term;
  }

  has(index, term) {
    return index <= this.lastIndex && this.log[index].term === term;
  }

  isMajority(count) {
    return 2 * count > this.servers.length;
  }

  // A newer term in any message: adopt it, with no vote yet, and follow (5.1).
  adopt(term) {
    if (term <= this.currentTerm) return;
    this.vote(term, null);
    this.role = { name: FOLLOWER };
  }

  vote(term, server) {
    this.currentTerm = term;
    this.votedFor = server;
    this.emit("store", { currentTerm: term, votedFor: server });
  }

  replaceFrom(index, entries) {
    this.log = [...this.log.slice(0, index), ...entries];
    this.emit("log", index);
  }

  // Commits the last entry of its own term that a majority holds, and all before it (5.3, 5.4.2 and figure 8).
  advance() {
    const { followers } = this.role;
    for (let index = this.lastIndex; index > this.commitIndex; index--) {
      const holders = 1 + [...followers.values()].filter(({ match }) => match >= index).length;
      if (this.log[index].term === this.currentTerm && this.isMajority(holders)) return this.commitTo(index);
    }
  }

  commitTo(index) {
    if (index <= this.commitIndex) return;
    this.emit("commit", this.commitIndex + 1, this.log.slice(this.commitIndex + 1, index + 1));
    this.commitIndex = index;
  }

  send(type, to, fields) {
    this.emit("send", { type, term: this.currentTerm, from: this.id, to, ...fields });
  }
}

/** One server with its timer. Each input is answered with all that was emitted while it was handled. */
class Node {
  constructor(start) {
    this.start = start;
    this.raft = new Raft(start);
    this.elapsed = 0; // ticks since the election was put off, or since a leader's last heartbeat
    this.answer = {};
    this.raft
      .on("calm", () => (this.elapsed = 0))
      .on("store", (stored) => Object.assign((this.answer.persist ??= {}), stored))
      .on("log", (from) => {
        const persist = (this.answer.persist ??= {});
        const first = Math.min(from, persist.log?.from ?? from);
        persist.log = { from: first, entries: this.raft.log.slice(first) };
      })
      .on("send", (message) => (this.answer.send ??= []).push(message))
      .on("commit", (from, entries) => {
        // Once an input at most: an advance of the commit index is the last thing that a handler does to it.
        this.answer.apply = { from, entries };
      });
  }

  // In ticks: drawn anew for every term, from the seed, so that a run can be repeated (5.2).
  electionTimeout() {
    const { seed, minElectionTimeout: least, maxElectionTimeout: most } = this.start;
    const draw = createHash("sha256").update(`${seed} ${this.raft.id} ${this.raft.currentTerm}`).digest().readUInt32BE();
    return least + (draw % (most - least + 1));
  }

  tick() {
    this.elapsed += 1;
    if (this.raft.leads) return this.elapsed >= this.start.heartbeatInterval ? this.heartbeat() : null;
    return this.elapsed >= this.electionTimeout() ? this.timeout() : null;
  }

  timeout() {
    this.raft.startElection();
    return "StartElection";
  }

  heartbeat() {
    this.elapsed = 0;
    this.raft.replicate();
    return null;
  }

  propose(value) {
    this.raft.propose(value);
    return "Propose";
  }

  receive(m) {
    if (m.to !== this.raft.id) throw new Refused(`a message for ${m.to} came to ${this.raft.id}`);
    if (!this.raft.peers.includes(m.from)) throw new Refused(`${m.from} is no other server of ${this.raft.servers}`);
    this.raft[`handle${m.type}`](m);
    return `Handle${m.type}`;
  }

  input(kind, body) {
    switch (kind) {
      case "tick":
        return this.tick();
      case "electionTimeout":
        return this.timeout();
      case "heartbeat":
        return this.heartbeat();
      case "propose":
        return this.propose(body.value);
      case "message":
        return this.receive(body);
      default:
        throw new Refused(`no input is called ${kind}`);
    }
  }

  /** Handles one input and says what came of it. */
  handle(kind, body) {
    const led = this.raft.leads;
    this.answer = {};
    this.answer.action = this.input(kind, body);
    if (led !== this.raft.leads) this.elapsed = 0;
    return this.told();
  }

  told() {
    const { raft, answer } = this;
    const { granted = [], refused = [], followers } = raft.role;
    answer.state = {
      currentTerm: raft.currentTerm,
      votedFor: raft.votedFor,
      role: raft.role.name,
      commitIndex: raft.commitIndex,
      votesGranted: raft.role.name === CANDIDATE ? [...granted] : [],
      votesRefused: raft.role.name === CANDIDATE ? [...refused] : [],
      matchIndex: Object.fromEntries(raft.peers.map((peer) => [peer, followers?.get(peer).match ?? 0])),
    };
    return answer;
  }
}

// The protocol ----------------------------------------------------------------------------------------------------

let node = null;

function answerTo(line) {
  const { number, ...input } = JSON.parse(line);
  const [[kind, body]] = Object.entries(input);
  let answer;
  if (kind === "start") {
    node = new Node(body); // from nothing but what is durable, also if this process was started before
    node.answer = { action: "Restart", reuse: true, numbered: true };
    answer = node.told();
  } else {
    try {
      answer = node.handle(kind, body);
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      answer = { error: reason.message };
    }
  }
  return JSON.stringify({ ...answer, number });
}

// Lines end in "\n" alone. node:readline would also end them at U+2028, which a value may hold.
let rest = "";
process.stdin.setEncoding("utf8").on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) process.stdout.write(answerTo(line) + "\n");
});
