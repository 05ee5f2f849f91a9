----------------------------- MODULE MCClassic ------------------------------
(***************************************************************************)
(* The same algorithm in the grain of the published specs, to compare the  *)
(* numbers of states: a message is sent in a step of its own, the network  *)
(* is a bag that loses and duplicates, and adopting a term, becoming       *)
(* leader and advancing the commit index are steps of their own. nextIndex *)
(* is part of the state. Nothing else in the project uses this module.     *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Server, Value, NoOp, Nil,
    MaxTerm, MaxLog,  \* as in MCRaft, in the guards of the same steps
    MaxRestarts,      \* no run has more restarts
    MaxCopies         \* no message is in the bag more often than this

VARIABLES
    currentTerm, votedFor, log, role, commitIndex,
    votesResponded, votesGranted,
    nextIndex, matchIndex,
    messages,         \* the bag: [message -> how many copies]
    restarts

durableVars   == <<currentTerm, votedFor, log>>
candidateVars == <<votesResponded, votesGranted>>
leaderVars    == <<nextIndex, matchIndex>>
serverVars    == <<durableVars, role, commitIndex, candidateVars, leaderVars>>
vars          == <<serverVars, messages, restarts>>

Max(a, b) == IF a > b THEN a ELSE b
Min(a, b) == IF a < b THEN a ELSE b
IsMajority(servers) == 2 * Cardinality(servers) > Cardinality(Server)
TermAt(entries, index) == IF index = 0 THEN 0 ELSE entries[index].term
LastTerm(entries) == TermAt(entries, Len(entries))

----------------------------------------------------------------------------
InBag == {m \in DOMAIN messages : messages[m] > 0}

With(m, bag) == IF m \in DOMAIN bag THEN [bag EXCEPT ![m] = @ + 1] ELSE bag @@ (m :> 1)
Without(m, bag) ==
    IF bag[m] = 1 THEN [n \in DOMAIN bag \ {m} |-> bag[n]] ELSE [bag EXCEPT ![m] = @ - 1]

Copies(m) == IF m \in DOMAIN messages THEN messages[m] ELSE 0

Send(m) == Copies(m) < MaxCopies /\ messages' = With(m, messages)
Discard(m) == messages' = Without(m, messages)
Reply(response, request) ==
    /\ Copies(response) < MaxCopies
    /\ messages' = With(response, Without(request, messages))

----------------------------------------------------------------------------
Init ==
    /\ currentTerm    = [i \in Server |-> 0]
    /\ votedFor       = [i \in Server |-> Nil]
    /\ log            = [i \in Server |-> << >>]
    /\ role           = [i \in Server |-> "Follower"]
    /\ commitIndex    = [i \in Server |-> 0]
    /\ votesResponded = [i \in Server |-> {}]
    /\ votesGranted   = [i \in Server |-> {}]
    /\ nextIndex      = [i \in Server |-> [j \in Server |-> 1]]
    /\ matchIndex     = [i \in Server |-> [j \in Server |-> 0]]
    /\ messages       = << >>
    /\ restarts       = 0

Restart(i) ==
    /\ restarts < MaxRestarts
    /\ restarts'       = restarts + 1
    /\ role'           = [role EXCEPT ![i] = "Follower"]
    /\ commitIndex'    = [commitIndex EXCEPT ![i] = 0]
    /\ votesResponded' = [votesResponded EXCEPT ![i] = {}]
    /\ votesGranted'   = [votesGranted EXCEPT ![i] = {}]
    /\ nextIndex'      = [nextIndex EXCEPT ![i] = [j \in Server |-> 1]]
    /\ matchIndex'     = [matchIndex EXCEPT ![i] = [j \in Server |-> 0]]
    /\ UNCHANGED <<durableVars, messages>>

Timeout(i) ==
    /\ role[i] # "Leader"
    /\ currentTerm[i] < MaxTerm
    /\ role'           = [role EXCEPT ![i] = "Candidate"]
    /\ currentTerm'    = [currentTerm EXCEPT ![i] = @ + 1]
    /\ votedFor'       = [votedFor EXCEPT ![i] = i]
    /\ votesResponded' = [votesResponded EXCEPT ![i] = {i}]
    /\ votesGranted'   = [votesGranted EXCEPT ![i] = {i}]
    /\ UNCHANGED <<log, commitIndex, leaderVars, messages, restarts>>

RequestVote(i, j) ==
    /\ role[i] = "Candidate"
    /\ j \notin votesResponded[i]
    /\ Send([type |-> "RequestVote", term |-> currentTerm[i], from |-> i, to |-> j,
             lastLogIndex |-> Len(log[i]), lastLogTerm |-> LastTerm(log[i])])
    /\ UNCHANGED <<serverVars, restarts>>

BecomeLeader(i) ==
    /\ role[i] = "Candidate"
    /\ IsMajority(votesGranted[i])
    /\ Len(log[i]) < MaxLog
    /\ role'       = [role EXCEPT ![i] = "Leader"]
    /\ log'        = [log EXCEPT ![i] = Append(@, [term |-> currentTerm[i], value |-> NoOp])]
    /\ nextIndex'  = [nextIndex EXCEPT ![i] = [j \in Server |-> Len(log[i]) + 1]]
    /\ matchIndex' = [matchIndex EXCEPT ![i] = [j \in Server |-> 0]]
    /\ UNCHANGED <<currentTerm, votedFor, commitIndex, candidateVars, messages, restarts>>

ClientRequest(i, value) ==
    /\ role[i] = "Leader"
    /\ Len(log[i]) < MaxLog
    /\ log' = [log EXCEPT ![i] = Append(@, [term |-> currentTerm[i], value |-> value])]
    /\ UNCHANGED <<currentTerm, votedFor, role, commitIndex, candidateVars, leaderVars,
                   messages, restarts>>

\* At most one entry at a time, from nextIndex.
AppendEntries(i, j) ==
    /\ role[i] = "Leader"
    /\ i # j
    /\ LET prevLogIndex == nextIndex[i][j] - 1
           lastEntry    == Min(Len(log[i]), nextIndex[i][j])
       IN Send([type |-> "AppendEntries", term |-> currentTerm[i], from |-> i, to |-> j,
                prevLogIndex |-> prevLogIndex,
                prevLogTerm  |-> TermAt(log[i], prevLogIndex),
                entries      |-> SubSeq(log[i], nextIndex[i][j], lastEntry),
                leaderCommit |-> Min(commitIndex[i], lastEntry)])
    /\ UNCHANGED <<serverVars, restarts>>

AdvanceCommitIndex(i) ==
    /\ role[i] = "Leader"
    /\ LET agreed == {index \in (commitIndex[i] + 1)..Len(log[i]) :
                         /\ IsMajority({i} \cup {j \in Server : matchIndex[i][j] >= index})
                         /\ log[i][index].term = currentTerm[i]}
       IN /\ agreed # {}
          /\ commitIndex' = [commitIndex EXCEPT ![i] =
                                CHOOSE index \in agreed : \A other \in agreed : index >= other]
    /\ UNCHANGED <<durableVars, role, candidateVars, leaderVars, messages, restarts>>

----------------------------------------------------------------------------
UpdateTerm(m) ==
    LET i == m.to
    IN /\ m.term > currentTerm[i]
       /\ currentTerm' = [currentTerm EXCEPT ![i] = m.term]
       /\ role'        = [role EXCEPT ![i] = "Follower"]
       /\ votedFor'    = [votedFor EXCEPT ![i] = Nil]
       /\ UNCHANGED <<log, commitIndex, candidateVars, leaderVars, messages, restarts>>

HandleRequestVote(m) ==
    LET i        == m.to
        upToDate == IF m.lastLogTerm = LastTerm(log[i])
                    THEN m.lastLogIndex >= Len(log[i])
                    ELSE m.lastLogTerm > LastTerm(log[i])
        granted  == m.term = currentTerm[i] /\ upToDate /\ votedFor[i] \in {Nil, m.from}
    IN /\ m.type = "RequestVote"
       /\ m.term <= currentTerm[i]
       /\ votedFor' = [votedFor EXCEPT ![i] = IF granted THEN m.from ELSE @]
       /\ Reply([type |-> "RequestVoteResponse", term |-> currentTerm[i], from |-> i,
                 to |-> m.from, voteGranted |-> granted], m)
       /\ UNCHANGED <<currentTerm, log, role, commitIndex, candidateVars, leaderVars, restarts>>

HandleRequestVoteResponse(m) ==
    LET i == m.to
    IN /\ m.type = "RequestVoteResponse"
       /\ m.term = currentTerm[i]
       /\ votesResponded' = [votesResponded EXCEPT ![i] = @ \cup {m.from}]
       /\ votesGranted'   = [votesGranted EXCEPT ![i] = IF m.voteGranted THEN @ \cup {m.from} ELSE @]
       /\ Discard(m)
       /\ UNCHANGED <<durableVars, role, commitIndex, leaderVars, restarts>>

AppendResponse(m, success, index) ==
    [type |-> "AppendEntriesResponse", term |-> currentTerm[m.to], from |-> m.to, to |-> m.from,
     success |-> success, matchIndex |-> index]

HandleAppendEntries(m) ==
    LET i     == m.to
        index == m.prevLogIndex + 1
        logOk == IF m.prevLogIndex = 0 THEN TRUE
                 ELSE IF m.prevLogIndex <= Len(log[i])
                      THEN log[i][m.prevLogIndex].term = m.prevLogTerm
                      ELSE FALSE
        done  == IF m.entries = << >> THEN TRUE
                 ELSE IF Len(log[i]) >= index THEN log[i][index].term = m.entries[1].term ELSE FALSE
        conflict == IF m.entries = << >> \/ Len(log[i]) < index THEN FALSE
                    ELSE log[i][index].term # m.entries[1].term
    IN /\ m.type = "AppendEntries"
       /\ m.term <= currentTerm[i]
       /\ IF m.term < currentTerm[i] \/ (role[i] = "Follower" /\ ~logOk)
          THEN \* refuse
               /\ Reply(AppendResponse(m, FALSE, 0), m)
               /\ UNCHANGED <<serverVars, restarts>>
          ELSE IF role[i] = "Candidate"
          THEN \* return to follower
               /\ role' = [role EXCEPT ![i] = "Follower"]
               /\ UNCHANGED <<durableVars, commitIndex, candidateVars, leaderVars, messages, restarts>>
          ELSE /\ role[i] = "Follower"
               /\ IF done
                  THEN /\ commitIndex' = [commitIndex EXCEPT ![i] = Max(@, m.leaderCommit)]
                       /\ Reply(AppendResponse(m, TRUE, m.prevLogIndex + Len(m.entries)), m)
                       /\ UNCHANGED <<durableVars, role, candidateVars, leaderVars, restarts>>
                  ELSE IF conflict
                  THEN /\ log' = [log EXCEPT ![i] = SubSeq(@, 1, m.prevLogIndex)]
                       /\ UNCHANGED <<currentTerm, votedFor, role, commitIndex, candidateVars,
                                      leaderVars, messages, restarts>>
                  ELSE /\ log' = [log EXCEPT ![i] = Append(@, m.entries[1])]
                       /\ UNCHANGED <<currentTerm, votedFor, role, commitIndex, candidateVars,
                                      leaderVars, messages, restarts>>

HandleAppendEntriesResponse(m) ==
    LET i == m.to
        j == m.from
    IN /\ m.type = "AppendEntriesResponse"
       /\ m.term = currentTerm[i]
       /\ IF m.success
          THEN /\ nextIndex'  = [nextIndex EXCEPT ![i][j] = m.matchIndex + 1]
               /\ matchIndex' = [matchIndex EXCEPT ![i][j] = Max(@, m.matchIndex)]
          ELSE /\ nextIndex'  = [nextIndex EXCEPT ![i][j] = Max(@ - 1, 1)]
               /\ UNCHANGED matchIndex
       /\ Discard(m)
       /\ UNCHANGED <<durableVars, role, commitIndex, candidateVars, restarts>>

DropStaleResponse(m) ==
    /\ m.type \in {"RequestVoteResponse", "AppendEntriesResponse"}
    /\ m.term < currentTerm[m.to]
    /\ Discard(m)
    /\ UNCHANGED <<serverVars, restarts>>

DuplicateMessage(m) == Send(m) /\ UNCHANGED <<serverVars, restarts>>

DropMessage(m) == Discard(m) /\ UNCHANGED <<serverVars, restarts>>

----------------------------------------------------------------------------
Next ==
    \/ \E i \in Server : Restart(i) \/ Timeout(i) \/ BecomeLeader(i) \/ AdvanceCommitIndex(i)
    \/ \E i \in Server, value \in Value : ClientRequest(i, value)
    \/ \E i, j \in Server : RequestVote(i, j) \/ AppendEntries(i, j)
    \/ \E m \in InBag :
           \/ UpdateTerm(m)
           \/ HandleRequestVote(m)
           \/ HandleRequestVoteResponse(m)
           \/ HandleAppendEntries(m)
           \/ HandleAppendEntriesResponse(m)
           \/ DropStaleResponse(m)
           \/ DuplicateMessage(m)
           \/ DropMessage(m)

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Server)

ElectionSafety ==
    \A i, j \in Server :
        role[i] = "Leader" /\ role[j] = "Leader" /\ currentTerm[i] = currentTerm[j] => i = j

LogMatching ==
    \A i, j \in Server : \A index \in 1..Min(Len(log[i]), Len(log[j])) :
        log[i][index].term = log[j][index].term => SubSeq(log[i], 1, index) = SubSeq(log[j], 1, index)
=============================================================================
