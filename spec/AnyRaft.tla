------------------------------ MODULE AnyRaft -------------------------------
(***************************************************************************)
(* Any Raft whose members do not change: what safety needs of it, and      *)
(* nothing more. Raft.tla is one such Raft; those that people run are      *)
(* others, and each step of theirs should be one of these.                 *)
(*                                                                         *)
(* Read it beside Raft.tla: the variables, the messages and the actions    *)
(* have its names, and a comment says only what is free here. Each choice  *)
(* that implementations make is a parameter of its action. One input       *)
(* handled by a server is still one action.                                *)
(*                                                                         *)
(* What needs no action of its own, since it is one of these or changes    *)
(* nothing: a message that is ignored, or whose reply is not sent (as if   *)
(* lost); PreVote, leases and reads; a leader that hands over (the other's *)
(* StartElection); a reply that waits for the disk (the same message       *)
(* handled again, once it is flushed); a step in which a server crashed    *)
(* (what was done of it, then Restart).                                    *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Server, Value, NoOp, Nil,  \* as in Raft.tla
    ElectionQuorum,            \* how many servers elect a leader
    CommitQuorum               \* how many servers that hold an entry commit it

\* A leader is the only one of its term, and has met whoever committed before it.
ASSUME QuorumsMeet ==
    /\ 2 * ElectionQuorum > Cardinality(Server)
    /\ ElectionQuorum + CommitQuorum > Cardinality(Server)

Follower  == "Follower"
Candidate == "Candidate"
Leader    == "Leader"

----------------------------------------------------------------------------
\* Durable: survives a crash.
VARIABLES
    currentTerm,  \* stored before any message that depends on it is sent,
    votedFor,     \* and so is this
    stored        \* [Server -> Seq(Entry)]: the log on the server's disk; `log` may be
                  \* ahead of it, and what is sent may depend on `log`

\* Volatile.
VARIABLES
    log,          \* [Server -> Seq(Entry)]: the log the server works with
    role,
    commitIndex

\* Volatile, of one role only, as in Raft.tla.
VARIABLES
    votesGranted,
    votesRefused,
    matchIndex

\* Every message sent so far. Nothing is ever taken out.
VARIABLE messages

logVars       == <<log, stored>>
candidateVars == <<votesGranted, votesRefused>>
leaderVars    == <<matchIndex>>
serverVars    == <<currentTerm, votedFor, logVars, role, commitIndex, candidateVars, leaderVars>>
vars          == <<serverVars, messages>>

----------------------------------------------------------------------------
Max(a, b) == IF a > b THEN a ELSE b
Min(a, b) == IF a < b THEN a ELSE b

IsElectionQuorum(servers) == Cardinality(servers) >= ElectionQuorum
IsCommitQuorum(servers)   == Cardinality(servers) >= CommitQuorum

TermAt(entries, index) == IF index = 0 THEN 0 ELSE entries[index].term

LastTerm(entries) == TermAt(entries, Len(entries))

HasTerm(entries, index, term) == IF index \in DOMAIN entries THEN entries[index].term = term ELSE FALSE

\* Two logs that have the same term at an index are equal up to it (log matching).
SameUpTo(a, b, index) == IF index \in DOMAIN a THEN HasTerm(b, index, a[index].term) ELSE index = 0

IsPrefixOf(part, whole) == Len(part) <= Len(whole) /\ SubSeq(whole, 1, Len(part)) = part

NoMatch == [j \in Server |-> 0]

Send(new) == messages' = messages \cup new

\* Server i's log becomes `entries`, at once on its disk or not yet.
Store(i, entries, flush) ==
    /\ log'    = [log EXCEPT ![i] = entries]
    /\ stored' = [stored EXCEPT ![i] = IF flush THEN entries ELSE @]

\* May leader i take `commit` for its commit index? Up to an entry of its own term that a
\* quorum holds, and not at once. It counts itself by what is on its disk.
MayCommit(i, commit, term, entries, disk, match) ==
    LET Holders(index) ==
            {j \in Server : IF j = i THEN SameUpTo(entries, disk, index) ELSE match[j] >= index}
    IN \/ commit = commitIndex[i]
       \/ /\ commit > commitIndex[i]
          /\ \E index \in commit..Len(entries) :
                 entries[index].term = term /\ IsCommitQuorum(Holders(index))

BecomeFollower(i) ==
    /\ role'         = [role EXCEPT ![i] = Follower]
    /\ votesGranted' = [votesGranted EXCEPT ![i] = {}]
    /\ votesRefused' = [votesRefused EXCEPT ![i] = {}]
    /\ matchIndex'   = [matchIndex EXCEPT ![i] = NoMatch]

AdoptTerm(i, term) ==
    /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
    /\ votedFor'    = [votedFor EXCEPT ![i] = Nil]
    /\ BecomeFollower(i)

\* A leader begins with a no-op or without.
BecomeLeader(i, term, noop, flush, commit) ==
    LET entries == IF noop THEN Append(log[i], [term |-> term, value |-> NoOp]) ELSE log[i]
    IN /\ MayCommit(i, commit, term, entries, IF flush THEN entries ELSE stored[i], NoMatch)
       /\ role'         = [role EXCEPT ![i] = Leader]
       /\ Store(i, entries, flush)
       /\ commitIndex'  = [commitIndex EXCEPT ![i] = commit]
       /\ votesGranted' = [votesGranted EXCEPT ![i] = {}]
       /\ votesRefused' = [votesRefused EXCEPT ![i] = {}]
       /\ matchIndex'   = [matchIndex EXCEPT ![i] = NoMatch]

----------------------------------------------------------------------------
Init ==
    /\ currentTerm  = [i \in Server |-> 0]
    /\ votedFor     = [i \in Server |-> Nil]
    /\ log          = [i \in Server |-> << >>]
    /\ stored       = [i \in Server |-> << >>]
    /\ role         = [i \in Server |-> Follower]
    /\ commitIndex  = [i \in Server |-> 0]
    /\ votesGranted = [i \in Server |-> {}]
    /\ votesRefused = [i \in Server |-> {}]
    /\ matchIndex   = [i \in Server |-> NoMatch]
    /\ messages     = {}

\* A leader may, too. It leads at once if its own vote is enough.
StartElection(i, leads, noop, flush, commit) ==
    LET term == currentTerm[i] + 1
    IN /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
       /\ votedFor'    = [votedFor EXCEPT ![i] = i]
       /\ IF leads
          THEN IsElectionQuorum({i}) /\ BecomeLeader(i, term, noop, flush, commit)
          ELSE /\ role'         = [role EXCEPT ![i] = Candidate]
               /\ votesGranted' = [votesGranted EXCEPT ![i] = {i}]
               /\ votesRefused' = [votesRefused EXCEPT ![i] = {}]
               /\ matchIndex'   = [matchIndex EXCEPT ![i] = NoMatch]
               /\ UNCHANGED <<logVars, commitIndex>>
       /\ Send({[type         |-> "RequestVote",
                 term         |-> term,
                 from         |-> i,
                 to           |-> j,
                 lastLogIndex |-> Len(log[i]),
                 lastLogTerm  |-> LastTerm(log[i])] : j \in Server \ {i}})

\* A vote may be refused for any reason, and a newer term be adopted or not. A vote that
\* was given may be given again, whatever has become of the voter's log since.
HandleRequestVote(i, m, adopt, granted) ==
    LET newer    == adopt /\ m.term > currentTerm[i]
        term     == IF newer THEN m.term ELSE currentTerm[i]
        voted    == IF newer THEN Nil ELSE votedFor[i]
        upToDate == IF m.lastLogTerm = LastTerm(log[i])
                    THEN m.lastLogIndex >= Len(log[i])
                    ELSE m.lastLogTerm > LastTerm(log[i])
    IN /\ granted => m.term = term /\ (voted = m.from \/ (voted = Nil /\ upToDate))
       /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
       /\ votedFor'    = [votedFor EXCEPT ![i] = IF granted THEN m.from ELSE voted]
       /\ IF newer THEN BecomeFollower(i) ELSE UNCHANGED <<role, candidateVars, leaderVars>>
       /\ UNCHANGED <<logVars, commitIndex>>
       /\ Send({[type        |-> "RequestVoteResponse",
                 term        |-> term,
                 from        |-> i,
                 to          |-> m.from,
                 voteGranted |-> granted]})

\* Once a quorum has granted its vote the candidate may lead. It may give up by any answer,
\* and need not by any.
HandleRequestVoteResponse(i, m, next, noop, flush, commit) ==
    LET counts  == role[i] = Candidate /\ m.term = currentTerm[i]
        granted == votesGranted[i] \cup (IF m.voteGranted THEN {m.from} ELSE {})
        refused == votesRefused[i] \cup (IF m.voteGranted THEN {} ELSE {m.from})
    IN /\ CASE m.term > currentTerm[i] ->
                   AdoptTerm(i, m.term) /\ UNCHANGED <<logVars, commitIndex>>
            [] counts /\ next = Leader ->
                   /\ IsElectionQuorum(granted)
                   /\ BecomeLeader(i, currentTerm[i], noop, flush, commit)
                   /\ UNCHANGED <<currentTerm, votedFor>>
            [] counts /\ next = Follower ->
                   BecomeFollower(i) /\ UNCHANGED <<currentTerm, votedFor, logVars, commitIndex>>
            [] counts /\ next = Candidate ->
                   /\ votesGranted' = [votesGranted EXCEPT ![i] = granted]
                   /\ votesRefused' = [votesRefused EXCEPT ![i] = refused]
                   /\ UNCHANGED <<currentTerm, votedFor, logVars, role, commitIndex, leaderVars>>
            [] OTHER -> UNCHANGED serverVars
       /\ Send({})

\* A candidate that has a quorum leads in a step of its own: its own vote, stored in the
\* meantime, is the last that it counts.
Lead(i, noop, flush, commit) ==
    /\ role[i] = Candidate
    /\ IsElectionQuorum(votesGranted[i])
    /\ BecomeLeader(i, currentTerm[i], noop, flush, commit)
    /\ UNCHANGED <<currentTerm, votedFor>>
    /\ Send({})

\* A candidate or leader follows again in its term, because of a lease, or of followers
\* that it does not hear. It forgets nothing else.
StepDown(i) ==
    /\ role[i] # Follower
    /\ BecomeFollower(i)
    /\ UNCHANGED <<currentTerm, votedFor, logVars, commitIndex>>
    /\ Send({})

Propose(i, value, flush, commit) ==
    LET entries == Append(log[i], [term |-> currentTerm[i], value |-> value])
    IN /\ role[i] = Leader
       /\ MayCommit(i, commit, currentTerm[i], entries, IF flush THEN entries ELSE stored[i], matchIndex[i])
       /\ Store(i, entries, flush)
       /\ commitIndex' = [commitIndex EXCEPT ![i] = commit]
       /\ UNCHANGED <<currentTerm, votedFor, role, candidateVars, leaderVars>>
       /\ Send({})

\* What is sent need not be on the leader's disk.
SendAppendEntries(i, j, prevLogIndex, count, leaderCommit) ==
    /\ role[i] = Leader
    /\ j # i
    /\ prevLogIndex + count <= Len(log[i])
    /\ leaderCommit <= commitIndex[i]
    /\ UNCHANGED serverVars
    /\ Send({[type         |-> "AppendEntries",
              term         |-> currentTerm[i],
              from         |-> i,
              to           |-> j,
              prevLogIndex |-> prevLogIndex,
              prevLogTerm  |-> TermAt(log[i], prevLogIndex),
              entries      |-> SubSeq(log[i], prevLogIndex + 1, prevLogIndex + count),
              leaderCommit |-> leaderCommit]})

\* A snapshot is all of the log up to an index that is committed, as one message. (Logs are
\* never compacted here: how they are kept is no matter of safety.)
SnapshotIndexes(entries, commit) == 0..commit

SendSnapshot(i, j, index) ==
    /\ index \in SnapshotIndexes(log[i], commitIndex[i])
    /\ SendAppendEntries(i, j, 0, index, index)

\* A heartbeat says nothing of the log, so its commit index is one that the follower is known to hold.
HeartbeatCommit(commit, match) == Min(commit, match)

SendHeartbeat(i, j, leaderCommit) ==
    /\ role[i] = Leader
    /\ j # i
    /\ leaderCommit <= HeartbeatCommit(commitIndex[i], matchIndex[i][j])
    /\ UNCHANGED serverVars
    /\ Send({[type         |-> "Heartbeat",
              term         |-> currentTerm[i],
              from         |-> i,
              to           |-> j,
              leaderCommit |-> leaderCommit]})

\* A follower that answers the leader of its term may claim any part of what it has on disk and is
\* sure to match: what this message vouches for, what is committed, and all up to an entry of the term.
\* It may commit any part of what the leader says is committed and is sure to match, on disk or not.
\* A refusal may carry any index.
Answer(i, m, term, entries, disk, vouched, commit, success, matches) ==
    LET Sure(index) == /\ index <= Len(entries)
                       /\ \/ index <= Max(vouched, commitIndex[i])
                          \/ \E k \in index..Len(entries) : HasTerm(entries, k, term)
        current == m.term = term
    IN /\ commit > commitIndex[i] => current /\ commit <= m.leaderCommit /\ Sure(commit)
       /\ commit >= commitIndex[i]
       /\ success => current /\ Sure(matches) /\ SameUpTo(entries, disk, matches)
       /\ commitIndex' = [commitIndex EXCEPT ![i] = commit]
       /\ Send({[type       |-> "AppendEntriesResponse",
                 term       |-> term,
                 from       |-> i,
                 to         |-> m.from,
                 success    |-> success,
                 matchIndex |-> matches]})

\* `append`: the entries are taken. A follower need not take them, whatever it answers.
HandleAppendEntries(i, m, adopt, append, flush, commit, success, matches) ==
    LET newer   == adopt /\ m.term > currentTerm[i]
        term    == IF newer THEN m.term ELSE currentTerm[i]
        lastNew == m.prevLogIndex + Len(m.entries)
        present == \A k \in 1..Len(m.entries) : HasTerm(log[i], m.prevLogIndex + k, m.entries[k].term)
        entries == IF append /\ ~present
                   THEN SubSeq(log[i], 1, m.prevLogIndex) \o m.entries
                   ELSE log[i]
    IN /\ m.term = currentTerm[i] => role[i] # Leader
       /\ append => m.term = term
                    /\ (m.prevLogIndex = 0 \/ HasTerm(log[i], m.prevLogIndex, m.prevLogTerm))
       /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
       /\ votedFor'    = [votedFor EXCEPT ![i] = IF newer THEN Nil ELSE @]
       /\ IF m.term = term THEN BecomeFollower(i) ELSE UNCHANGED <<role, candidateVars, leaderVars>>
       /\ Store(i, entries, flush)
       /\ Answer(i, m, term, entries, IF flush THEN entries ELSE stored[i],
                 IF append THEN lastNew ELSE 0, commit, success, matches)

\* The follower takes the leader's word for it that it holds what is committed.
HandleHeartbeat(i, m, adopt, commit, success, matches) ==
    LET newer == adopt /\ m.term > currentTerm[i]
        term  == IF newer THEN m.term ELSE currentTerm[i]
    IN /\ m.term = currentTerm[i] => role[i] # Leader
       /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
       /\ votedFor'    = [votedFor EXCEPT ![i] = IF newer THEN Nil ELSE @]
       /\ IF m.term = term THEN BecomeFollower(i) ELSE UNCHANGED <<role, candidateVars, leaderVars>>
       /\ UNCHANGED logVars
       /\ Answer(i, m, term, log[i], stored[i], m.leaderCommit, commit, success, matches)

\* The leader may believe less than it is told, and commit later.
HandleAppendEntriesResponse(i, m, matches, commit) ==
    LET match == [matchIndex[i] EXCEPT ![m.from] = matches]
    IN /\ CASE m.term > currentTerm[i] ->
                   AdoptTerm(i, m.term) /\ UNCHANGED <<logVars, commitIndex>>
            [] m.term = currentTerm[i] /\ role[i] = Leader /\ m.success ->
                   /\ matches \in matchIndex[i][m.from]..Max(matchIndex[i][m.from], m.matchIndex)
                   /\ MayCommit(i, commit, currentTerm[i], log[i], stored[i], match)
                   /\ matchIndex'  = [matchIndex EXCEPT ![i] = match]
                   /\ commitIndex' = [commitIndex EXCEPT ![i] = commit]
                   /\ UNCHANGED <<currentTerm, votedFor, logVars, role, candidateVars>>
            [] OTHER -> UNCHANGED serverVars
       /\ Send({})

\* What a leader could have committed before, it commits now.
AdvanceCommitIndex(i, commit) ==
    /\ role[i] = Leader
    /\ MayCommit(i, commit, currentTerm[i], log[i], stored[i], matchIndex[i])
    /\ commitIndex' = [commitIndex EXCEPT ![i] = commit]
    /\ UNCHANGED <<currentTerm, votedFor, logVars, role, candidateVars, leaderVars>>
    /\ Send({})

\* The disk gets the log up to an index: what conflicts is removed, then entries are added.
Flush(i, index, commit) ==
    LET disk == SubSeq(log[i], 1, index)
    IN /\ \A k \in DOMAIN log[i] : SameUpTo(log[i], stored[i], k) => k <= index
       /\ IF role[i] = Leader
          THEN MayCommit(i, commit, currentTerm[i], log[i], disk, matchIndex[i])
          ELSE commit = commitIndex[i]
       /\ stored'      = [stored EXCEPT ![i] = disk]
       /\ commitIndex' = [commitIndex EXCEPT ![i] = commit]
       /\ UNCHANGED <<currentTerm, votedFor, log, role, candidateVars, leaderVars>>
       /\ Send({})

\* A crash and the restart after it. The crash may come while the log is flushed, and
\* leave a part of it; or in an election, and leave the new term without the vote. Of what
\* the server knew to be committed, and still has, it may remember a part.
Restart(i, term, entries, commit) ==
    /\ term \in {currentTerm[i], currentTerm[i] + 1}
    /\ IsPrefixOf(entries, stored[i]) \/ IsPrefixOf(entries, log[i])
    /\ \A k \in DOMAIN log[i] : SameUpTo(log[i], stored[i], k) => k <= Len(entries)
    /\ commit <= commitIndex[i] /\ SameUpTo(log[i], entries, commit)
    /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
    /\ votedFor'    = [votedFor EXCEPT ![i] = IF term = currentTerm[i] THEN @ ELSE Nil]
    /\ Store(i, entries, TRUE)
    /\ BecomeFollower(i)
    /\ commitIndex' = [commitIndex EXCEPT ![i] = commit]
    /\ Send({})

----------------------------------------------------------------------------
Receive(m) ==
    LET i    == m.to
        last == Len(log[i]) + 1
    IN CASE m.type = "RequestVote" ->
                \E adopt, granted \in BOOLEAN : HandleRequestVote(i, m, adopt, granted)
         [] m.type = "RequestVoteResponse" ->
                \E next \in {Follower, Candidate, Leader}, noop, flush \in BOOLEAN, commit \in 0..last :
                    HandleRequestVoteResponse(i, m, next, noop, flush, commit)
         [] m.type = "AppendEntries" ->
                \E adopt, append, flush, success \in BOOLEAN :
                    \E commit, matches \in 0..Max(last, m.prevLogIndex + Len(m.entries)) :
                        HandleAppendEntries(i, m, adopt, append, flush, commit, success, matches)
         [] m.type = "Heartbeat" ->
                \E adopt, success \in BOOLEAN, commit, matches \in 0..last :
                    HandleHeartbeat(i, m, adopt, commit, success, matches)
         [] m.type = "AppendEntriesResponse" ->
                \E matches \in 0..Max(last, m.matchIndex), commit \in 0..last :
                    HandleAppendEntriesResponse(i, m, matches, commit)

Next ==
    \/ \E i \in Server, noop, flush \in BOOLEAN : \E commit \in 0..(Len(log[i]) + 1) :
           \/ \E leads \in BOOLEAN : StartElection(i, leads, noop, flush, commit)
           \/ Lead(i, noop, flush, commit)
           \/ \E value \in Value : Propose(i, value, flush, commit)
           \/ AdvanceCommitIndex(i, commit)
           \/ \E index \in 0..Len(log[i]) : Flush(i, index, commit)
           \/ \E term \in currentTerm[i]..(currentTerm[i] + 1), k \in 0..Len(log[i]) :
                  Restart(i, term, SubSeq(log[i], 1, k), commit)
           \/ \E term \in currentTerm[i]..(currentTerm[i] + 1), k \in 0..Len(stored[i]) :
                  Restart(i, term, SubSeq(stored[i], 1, k), commit)
    \/ \E i \in Server : StepDown(i)
    \/ \E i, j \in Server : \E prevLogIndex \in 0..Len(log[i]) :
           \E count \in 0..(Len(log[i]) - prevLogIndex), leaderCommit \in 0..commitIndex[i] :
               SendAppendEntries(i, j, prevLogIndex, count, leaderCommit)
    \/ \E i, j \in Server : \E index \in 0..Len(log[i]) :
           SendSnapshot(i, j, index) \/ SendHeartbeat(i, j, index)
    \/ \E m \in messages : Receive(m)

Spec == Init /\ [][Next]_vars
=============================================================================
