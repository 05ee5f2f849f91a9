------------------------------- MODULE MCHunt -------------------------------
(***************************************************************************)
(* Raft, bounded, on a network made to trip a wrong Raft: nothing is ever  *)
(* forgotten, and every message that Raft.tla lets a server send by now is *)
(* there to be received, whether or not a correct receiver cares. MCRaft   *)
(* is for exhausting the spec, and leaves out what a correct server does   *)
(* not react to; here changes of the spec are hunted.                      *)
(*                                                                         *)
(* `messages` holds Raft's own messages, as the handlers send them. Two    *)
(* kinds are there before they are sent (Early): what a leader may send,   *)
(* and what a server answers to a message that changes nothing in it.      *)
(* README.md says why that adds no run; SoundnessTest checks it.           *)
(***************************************************************************)
EXTENDS RaftInduction, MCPrint, TLC

CONSTANTS
    MaxInputs,    \* no run has more timeouts, proposals and crashes than this, all together
    MaxSteps,     \* no run has more steps; or Unlimited
    Unlimited,    \* a value of its own
    Early,        \* what is there before it is sent: {"sends", "answers"}, or less, to compare
    Narrate       \* TRUE: `event` tells each step; FALSE: it says nothing

VARIABLES
    leaderships,  \* what leaders had that no longer lead: their last logs and commit indexes
    inputs,       \* how many timeouts, proposals and crashes there have been
    event         \* the last step, for the reader of a run; hidden by View

huntVars == <<proofVars, leaderships, inputs, event>>

----------------------------------------------------------------------------
\* All that a leader may have sent follows from its log and commit index.
Leadership(term, from, entries, commit) ==
    [term |-> term, from |-> from, log |-> entries, commitIndex |-> commit]

Leading == {Leadership(currentTerm[i], i, log[i], commitIndex[i]) : i \in {j \in Server : role[j] = Leader}}

\* Leader i has, after this step, all it had, so that nothing of before need be kept.
LeadsOn(i) ==
    /\ role'[i] = Leader /\ currentTerm'[i] = currentTerm[i] /\ commitIndex'[i] >= commitIndex[i]
    /\ Len(log'[i]) >= Len(log[i]) /\ SubSeq(log'[i], 1, Len(log[i])) = log[i]

Ended == {Leadership(currentTerm[i], i, log[i], commitIndex[i]) :
              i \in {j \in Server : role[j] = Leader /\ ~LeadsOn(j)}}

\* Any slice of its log, and any commit index up to its own, to one server.
Appends(r, j) ==
    UNION {{[type         |-> "AppendEntries",
             term         |-> r.term,
             from         |-> r.from,
             to           |-> j,
             prevLogIndex |-> prev,
             prevLogTerm  |-> TermAt(r.log, prev),
             entries      |-> SubSeq(r.log, prev + 1, prev + count),
             leaderCommit |-> commit] :
                count \in 0..(Len(r.log) - prev), commit \in 0..r.commitIndex} :
           prev \in 0..Len(r.log)}

Offered ==
    IF "sends" \in Early
    THEN UNION {UNION {Appends(r, j) : j \in Server \ {r.from}} : r \in leaderships \cup Leading}
    ELSE {}

\* Is m one of these messages? A change of SendAppendEntries may send others.
IsOffered(m, r) ==
    /\ m.term = r.term /\ m.from = r.from /\ m.to # r.from
    /\ m.prevLogIndex + Len(m.entries) <= Len(r.log)
    /\ m.prevLogTerm = TermAt(r.log, m.prevLogIndex)
    /\ m.entries = SubSeq(r.log, m.prevLogIndex + 1, m.prevLogIndex + Len(m.entries))
    /\ m.leaderCommit <= r.commitIndex

----------------------------------------------------------------------------
\* What a server answers to a message, after this step, if that changes nothing in it.

\* It refuses its vote to a request of its own term, or of an older one.
Refuses(m) ==
    CASE m.term < currentTerm'[m.to] -> TRUE
      [] m.term > currentTerm'[m.to] -> FALSE
      [] OTHER -> IF votedFor'[m.to] \notin {Nil, m.from} THEN TRUE
                  ELSE IF m.lastLogTerm = LastTerm(log'[m.to])
                       THEN m.lastLogIndex < Len(log'[m.to])
                       ELSE m.lastLogTerm < LastTerm(log'[m.to])

Refusals(requests) ==
    {[type        |-> "RequestVoteResponse",
      term        |-> currentTerm'[m.to],
      from        |-> m.to,
      to          |-> m.from,
      voteGranted |-> FALSE] : m \in {n \in requests : Refuses(n)}}

\* It tells a leader of its term whether a heartbeat's index matches, and one of an older
\* term that it is outdated.
Answers(r, j) ==
    IF currentTerm'[j] < r.term \/ (currentTerm'[j] = r.term /\ role'[j] # Follower) THEN {}
    ELSE {[type       |-> "AppendEntriesResponse",
           term       |-> currentTerm'[j],
           from       |-> j,
           to         |-> r.from,
           success    |-> IF currentTerm'[j] > r.term THEN FALSE
                          ELSE IF k = 0 THEN TRUE
                          ELSE IF k > Len(log'[j]) THEN FALSE
                          ELSE log'[j][k].term = r.log[k].term,
           matchIndex |-> k] : k \in 0..Len(r.log)}

\* Raft's Send, for this network: the last conjunct of every action, so that it sees what
\* the action has made of the servers. To send an AppendEntries makes nothing of them.
HuntSend(new) ==
    LET leaders  == leaderships \cup Ended \cup Leading'
        requests == {m \in messages \cup new : m.type = "RequestVote"}
        appends  == {m \in new : m.type = "AppendEntries"}
        IsThere(m) == "sends" \in Early /\ \E r \in leaders : IsOffered(m, r)
    IN /\ leaderships' = leaderships \cup Ended
       /\ messages' = messages \cup {m \in new : m \in appends => ~IsThere(m)} \cup
              (IF "answers" \in Early /\ appends = {}
               THEN Refusals(requests)
                    \cup UNION {UNION {Answers(r, j) : j \in Server \ {r.from}} : r \in leaders}
               ELSE {})

\* The messages of a type, for the invariants: those that are there before they are sent, too.
HuntSent(type) == {m \in messages : m.type = type} \cup (IF type = "AppendEntries" THEN Offered ELSE {})

----------------------------------------------------------------------------
Event(name, i, detail) == event' = IF Narrate THEN [action |-> name, node |-> i, detail |-> detail] ELSE <<>>

TimeOut == \E i \in Server : StartElection(i) /\ Event("StartElection", i, <<>>)

ClientRequest == \E i \in Server, value \in Value : Propose(i, value) /\ Event("Propose", i, value)

Crash == \E i \in Server : Restart(i) /\ Event("Restart", i, <<>>)

\* Changes something only if what is sent is not offered anyway: by a change of the action.
SendAppend ==
    \E i, j \in Server : \E prev \in 0..Len(log[i]) :
        \E count \in 0..(Len(log[i]) - prev), commit \in 0..Len(log[i]) :
            /\ SendAppendEntries(i, j, prev, count, commit)
            /\ messages' # messages
            /\ Event("SendAppendEntries", i, CHOOSE m \in messages' : m \notin messages)

Handler(m) ==
    CASE m.type = "RequestVote"           -> "HandleRequestVote"
      [] m.type = "RequestVoteResponse"   -> "HandleRequestVoteResponse"
      [] m.type = "AppendEntries"         -> "HandleAppendEntries"
      [] m.type = "AppendEntriesResponse" -> "HandleAppendEntriesResponse"

ReceiveMessage == \E m \in messages \cup Offered : Receive(m) /\ Event(Handler(m), m.to, m)

\* A step that changes neither a server nor what is sent is left out.
Changes == <<vars, leaderships>>' # <<vars, leaderships>>

HuntInit == ProofInit /\ leaderships = {} /\ inputs = 0 /\ event = <<>>

HuntNext ==
    /\ IF MaxSteps = Unlimited THEN TRUE ELSE TLCGet("level") <= MaxSteps
    /\ \/ inputs < MaxInputs /\ inputs' = inputs + 1 /\ (TimeOut \/ ClientRequest \/ Crash)
       \/ UNCHANGED inputs /\ (SendAppend \/ ReceiveMessage)
    /\ Changes
    /\ HistoryNext
    /\ TermLogNext

HuntSpec == HuntInit /\ [][HuntNext]_huntVars

----------------------------------------------------------------------------
Symmetry == Permutations(Server)

\* Hides the event, which nothing reads.
ViewEvent == <<proofVars, leaderships, inputs>>
=============================================================================
