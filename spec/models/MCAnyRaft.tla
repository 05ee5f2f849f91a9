------------------------------ MODULE MCAnyRaft ------------------------------
(***************************************************************************)
(* AnyRaft on a canonical network, like Raft in MCRaft: the handlers are   *)
(* AnyRaft's own, and `messages` holds facts from which messages follow.   *)
(* Of the parameters only the finest are offered: what a step does at      *)
(* once, several do one after the other. README.md says why that is sound; *)
(* SoundnessTest checks it.                                                *)
(***************************************************************************)
EXTENDS AnyRaftProperties, MCAnyPrint

CONSTANTS
    MaxTerm,  \* no server goes beyond this term
    MaxLog,   \* no log grows beyond this length, no-ops included
    Offer,    \* the freedoms that are used, by the names below
    Forget,   \* the types of facts that are dropped once no server can react to them
    Narrate   \* TRUE: `event` tells each step; FALSE: it says nothing

\* What Offer may hold. What is not offered is done as Raft.tla does it.
\*   "NoNoop"     a leader begins without a no-op
\*   "StepDown"   a candidate or leader follows again in its term
\*   "Late"       a leader commits less than it could
\*   "Less"       a leader believes less of an acknowledgement
\*   "Answer"     a follower claims all that it may, whatever the message
\*   "Batch"      several entries in one message, and a commit index with them: a snapshot, too
\*   "Heartbeat"  a heartbeat tells a commit index
\*   "Pipeline"   entries are flushed later
\*   "Restart"    a server crashes and restarts
\*   "Remember"   and remembers a commit index
\*   "Tear"       and the crash leaves any part of what was being flushed
\*   "Half"       a crash in an election leaves the new term without the vote
Offers(freedom) == freedom \in Offer

VARIABLE event  \* the last step, for the reader of a run; hidden by View

mcVars == <<vars, history, event>>

----------------------------------------------------------------------------
\* The facts in `messages`.
RequestFact(m) ==
    [type |-> "RequestVote", term |-> m.term, from |-> m.from,
     lastLogIndex |-> m.lastLogIndex, lastLogTerm |-> m.lastLogTerm]

VoteFact(term, from, to) == [type |-> "Vote", term |-> term, from |-> from, to |-> to]

\* `from` has held, on disk, the first `index` entries of the log of the leader `to`.
AckFact(term, from, to, index) ==
    [type |-> "Ack", term |-> term, from |-> from, to |-> to, index |-> index]

\* `from` has asked for votes, and may get an answer yet.
AskedFact(from) == [type |-> "Asked", from |-> from]

\* What a leader had when it last led its term. While it leads, nothing is kept.
LeaderFact(term, from, entries, commit, match) ==
    [type |-> "Leader", term |-> term, from |-> from, log |-> entries, commitIndex |-> commit, match |-> match]

OfType(type) == {m \in messages : m.type = type}

Ended  == {LeaderFact(currentTerm[i], i, log[i], commitIndex[i], matchIndex[i]) :
              i \in {j \in Server : role[j] = Leader /\ ~(role'[j] = Leader /\ currentTerm'[j] = currentTerm[j])}}
Leading == {LeaderFact(currentTerm[i], i, log[i], commitIndex[i], matchIndex[i]) :
              i \in {j \in Server : role[j] = Leader}}

\* The longest part of `entries` that j has, on disk too, after this step.
Holding(j, entries) ==
    LET held == {k \in DOMAIN entries : HasTerm(log'[j], k, entries[k].term)
                                            /\ HasTerm(stored'[j], k, entries[k].term)}
    IN IF held = {} THEN 0 ELSE CHOOSE k \in held : \A other \in held : k >= other

Covered(m, acks) ==
    \E n \in acks : m.term = n.term /\ m.from = n.from /\ m.to = n.to /\ m.index < n.index

\* Can some server still react to fact m after this step?
Relevant(m) ==
    CASE m.type = "RequestVote" ->
             \E j \in Server \ {m.from} :
                 IF currentTerm'[j] = m.term THEN votedFor'[j] = Nil ELSE currentTerm'[j] < m.term
      [] m.type = "Asked" -> Offers("Half") /\ currentTerm'[m.from] < MaxTerm
      [] m.type = "Vote" ->
             IF role'[m.to] = Candidate /\ currentTerm'[m.to] = m.term
             THEN m.from \notin votesGranted'[m.to]
             ELSE FALSE
      [] m.type = "Ack" ->
             IF role'[m.to] = Leader /\ currentTerm'[m.to] = m.term
             THEN m.index > matchIndex'[m.to][m.from]
             ELSE FALSE
      [] m.type = "Leader" -> \E j \in Server \ {m.from} : currentTerm'[j] <= m.term

\* AnyRaft's Send, for this network: the last conjunct of every action, so that it sees
\* what the action has made of the servers.
MCSend(new) ==
    LET ended    == OfType("Leader") \cup Ended
        leaders  == ended \cup Leading'
        asks     == {m \in new : m.type = "RequestVote"}
        votes    == {VoteFact(m.term, m.from, m.to) :
                        m \in {n \in new : n.type = "RequestVoteResponse" /\ n.voteGranted}}
        replied  == {AckFact(m.term, m.from, m.to, m.matchIndex) :
                        m \in {n \in new : n.type = "AppendEntriesResponse" /\ n.success}}
        holding  == UNION {{AckFact(r.term, j, r.from, Holding(j, r.log)) :
                               j \in {k \in Server \ {r.from} : role'[k] = Follower /\ currentTerm'[k] = r.term}} :
                           r \in leaders}
        acks     == {m \in OfType("Ack") \cup replied \cup holding : m.index > 0}
        facts    == OfType("RequestVote") \cup {RequestFact(m) : m \in asks}
                        \cup OfType("Asked") \cup {AskedFact(m.from) : m \in asks}
                        \cup OfType("Vote") \cup votes \cup ended
                        \cup {m \in acks : ~Covered(m, acks)}
    IN messages' = {m \in facts : IF m.type \in Forget THEN Relevant(m) ELSE TRUE}

----------------------------------------------------------------------------
\* The messages that follow from the facts, as records of AnyRaft's.
RequestVoteMessage(m, j) ==
    [type |-> "RequestVote", term |-> m.term, from |-> m.from, to |-> j,
     lastLogIndex |-> m.lastLogIndex, lastLogTerm |-> m.lastLogTerm]

VoteMessage(term, from, to, granted) ==
    [type |-> "RequestVoteResponse", term |-> term, from |-> from, to |-> to, voteGranted |-> granted]

AppendMessage(r, j, prevLogIndex, count, leaderCommit) ==
    [type         |-> "AppendEntries",
     term         |-> r.term,
     from         |-> r.from,
     to           |-> j,
     prevLogIndex |-> prevLogIndex,
     prevLogTerm  |-> TermAt(r.log, prevLogIndex),
     entries      |-> SubSeq(r.log, prevLogIndex + 1, prevLogIndex + count),
     leaderCommit |-> leaderCommit]

HeartbeatMessage(r, j, leaderCommit) ==
    [type |-> "Heartbeat", term |-> r.term, from |-> r.from, to |-> j, leaderCommit |-> leaderCommit]

AckMessage(m) ==
    [type |-> "AppendEntriesResponse", term |-> m.term, from |-> m.from, to |-> m.to,
     success |-> TRUE, matchIndex |-> m.index]

\* One entry, or a commit index; with "Batch" any slice and any commit index.
Appends(r, j) ==
    {AppendMessage(r, j, prev, 1, 0) : prev \in 0..(Len(r.log) - 1)}
        \cup {AppendMessage(r, j, commit, 0, commit) : commit \in 1..r.commitIndex}
        \cup IF Offers("Batch")
             THEN UNION {{AppendMessage(r, j, prev, count, commit) :
                             count \in 0..(Len(r.log) - prev), commit \in 0..r.commitIndex} :
                         prev \in 0..Len(r.log)}
                      \cup {AppendMessage(r, j, 0, index, index) : index \in SnapshotIndexes(r.log, r.commitIndex)}
             ELSE {}

\* Whether what is appended is flushed at once.
Flushes == IF Offers("Pipeline") THEN {FALSE} ELSE {TRUE}

Noops == IF Offers("NoNoop") THEN BOOLEAN ELSE {TRUE}

\* The commit indexes that are offered to server i, which could have `most`. The spec takes what it permits.
Commits(i, most) == IF Offers("Late") THEN 0..MaxLog ELSE {commitIndex[i], most}

Indexes(index) == IF Offers("Less") THEN 1..MaxLog ELSE {index}

----------------------------------------------------------------------------
Event(name, i, detail) == event' = IF Narrate THEN [action |-> name, node |-> i, detail |-> detail] ELSE <<>>

Elect ==
    \E i \in Server : /\ currentTerm[i] < MaxTerm
                      /\ StartElection(i, FALSE, FALSE, FALSE, 0)
                      /\ Event("StartElection", i, <<>>)

ReceiveRequestVote ==
    \E m \in OfType("RequestVote"), granted \in BOOLEAN : \E j \in Server \ {m.from} :
        LET message == RequestVoteMessage(m, j)
        IN /\ HandleRequestVote(j, message, ~granted, granted)
           /\ Event("HandleRequestVote", j, message)

ReceiveVote ==
    \E m \in OfType("Vote") :
        LET message == VoteMessage(m.term, m.from, m.to, TRUE)
        IN /\ HandleRequestVoteResponse(m.to, message, Candidate, FALSE, FALSE, 0)
           /\ Event("HandleRequestVoteResponse", m.to, message)

LearnTerm ==
    \E i, j \in Server :
        /\ AskedFact(i) \in messages
        /\ currentTerm[j] > currentTerm[i]
        /\ LET message == VoteMessage(currentTerm[j], j, i, FALSE)
           IN /\ HandleRequestVoteResponse(i, message, Candidate, FALSE, FALSE, 0)
              /\ Event("HandleRequestVoteResponse", i, message)

Win ==
    \E i \in Server, noop \in Noops, flush \in Flushes :
        /\ Len(log[i]) < MaxLog \/ ~noop
        /\ \E commit \in Commits(i, Len(log[i]) + 1) : Lead(i, noop, flush, commit)
        /\ Event("Lead", i, <<>>)

ClientRequest ==
    \E i \in Server, value \in Value, flush \in Flushes :
        /\ Len(log[i]) < MaxLog
        /\ \E commit \in Commits(i, Len(log[i]) + 1) : Propose(i, value, flush, commit)
        /\ Event("Propose", i, value)

ReceiveAppend ==
    \E r \in OfType("Leader") \cup Leading : \E j \in Server \ {r.from}, flush \in Flushes :
        \E message \in Appends(r, j) :
            /\ \/ HandleAppendEntries(j, message, FALSE, TRUE, flush, commitIndex[j], FALSE, 0)
               \/ \E commit \in Commits(j, message.leaderCommit) :
                      HandleAppendEntries(j, message, FALSE, TRUE, flush, commit, FALSE, 0)
               \/ /\ Offers("Answer")
                  /\ \E append \in BOOLEAN, matches \in 1..MaxLog :
                         HandleAppendEntries(j, message, FALSE, append, flush, commitIndex[j], TRUE, matches)
            /\ Event("HandleAppendEntries", j, message)

ReceiveHeartbeat ==
    /\ Offers("Heartbeat")
    /\ \E r \in OfType("Leader") \cup Leading : \E j \in Server \ {r.from} :
           \E most \in 0..HeartbeatCommit(r.commitIndex, r.match[j]) : \E commit \in Commits(j, most) :
               LET message == HeartbeatMessage(r, j, most)
               IN /\ HandleHeartbeat(j, message, FALSE, commit, FALSE, 0)
                  /\ Event("HandleHeartbeat", j, message)

ReceiveAck ==
    \E m \in OfType("Ack") : \E matches \in Indexes(m.index) :
        /\ \E commit \in Commits(m.to, Len(log[m.to])) :
               HandleAppendEntriesResponse(m.to, AckMessage(m), matches, commit)
        /\ Event("HandleAppendEntriesResponse", m.to, AckMessage(m))

CommitLater ==
    \E i \in Server : /\ \E commit \in Commits(i, Len(log[i])) : AdvanceCommitIndex(i, commit)
                      /\ Event("AdvanceCommitIndex", i, <<>>)

FlushLater ==
    /\ Offers("Pipeline")
    /\ \E i \in Server : \E index \in 0..Len(log[i]) :
           /\ \E commit \in Commits(i, Len(log[i])) : Flush(i, index, commit)
           /\ Event("Flush", i, index)

GiveUp == Offers("StepDown") /\ \E i \in Server : StepDown(i) /\ Event("StepDown", i, <<>>)

\* What a crash leaves is what is on disk; what of it is torn, a flush before the crash could leave, too.
Left(i) ==
    {stored[i]} \cup IF Offers("Tear")
                     THEN {SubSeq(stored[i], 1, k) : k \in 0..Len(stored[i])}
                              \cup {SubSeq(log[i], 1, k) : k \in 0..Len(log[i])}
                     ELSE {}

Crash ==
    /\ Offers("Restart")
    /\ \E i \in Server :
           /\ \E term \in {currentTerm[i]} \cup (IF Offers("Half") THEN {currentTerm[i] + 1} ELSE {}),
                 entries \in Left(i), commit \in IF Offers("Remember") THEN 0..MaxLog ELSE {0} :
                  term <= MaxTerm /\ Restart(i, term, entries, commit)
           /\ Event("Restart", i, <<>>)

\* A step that changes neither a server nor a fact is left out.
Changes == vars' # vars

MCInit == Init /\ HistoryInit /\ event = <<>>

MCNext ==
    /\ \/ Elect
       \/ ReceiveRequestVote
       \/ ReceiveVote
       \/ LearnTerm
       \/ Win
       \/ ClientRequest
       \/ ReceiveAppend
       \/ ReceiveHeartbeat
       \/ ReceiveAck
       \/ CommitLater
       \/ FlushLater
       \/ GiveUp
       \/ Crash
    /\ Changes
    /\ HistoryNext

MCSpec == MCInit /\ [][MCNext]_mcVars

----------------------------------------------------------------------------
Symmetry == Permutations(Server)

\* Hides the event, which nothing reads.
ViewEvent == <<serverVars, messages, history>>
=============================================================================
