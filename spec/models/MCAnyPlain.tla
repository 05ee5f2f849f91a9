----------------------------- MODULE MCAnyPlain -----------------------------
(***************************************************************************)
(* AnyRaft as it is, message by message, with bounds as guards: every      *)
(* parameter takes every value. For tiny bounds; MCAnyRaft is compared     *)
(* with it.                                                                *)
(***************************************************************************)
EXTENDS AnyRaftInduction, MCAnyPrint

CONSTANTS
    MaxTerm,  \* no server goes beyond this term
    MaxLog    \* no log grows beyond this length, no-ops included

Leaders == {i \in Server : role[i] = Leader}

\* What a leader may send it sends as soon as it may: no server need receive it. Refusals are sent
\* without their hints, which change nothing, and not at all while there is but one term to tell.
EagerSend(new) ==
    messages' =
        messages
        \cup {IF m.type = "AppendEntriesResponse" /\ ~m.success THEN [m EXCEPT !.matchIndex = 0] ELSE m :
                  m \in {n \in new : CASE n.type = "RequestVoteResponse"   -> n.voteGranted \/ MaxTerm > 1
                                       [] n.type = "AppendEntriesResponse" -> n.success \/ MaxTerm > 1
                                       [] OTHER                            -> TRUE}}
        \cup UNION {UNION {UNION {
            {[type         |-> "AppendEntries",
              term         |-> currentTerm'[i],
              from         |-> i,
              to           |-> j,
              prevLogIndex |-> prevLogIndex,
              prevLogTerm  |-> TermAt(log'[i], prevLogIndex),
              entries      |-> SubSeq(log'[i], prevLogIndex + 1, prevLogIndex + count),
              leaderCommit |-> leaderCommit] :
                 count \in 0..(Len(log'[i]) - prevLogIndex), leaderCommit \in 0..commitIndex'[i]} :
              prevLogIndex \in 0..Len(log'[i])} :
              j \in Server \ {i}} :
              i \in Leaders'}
        \cup UNION {UNION {
            {[type |-> "Heartbeat", term |-> currentTerm'[i], from |-> i, to |-> j, leaderCommit |-> leaderCommit] :
                 leaderCommit \in 0..Min(commitIndex'[i], matchIndex'[i][j])} :
              j \in Server \ {i}} :
              i \in Leaders'}

PlainInit == ProofInit

PlainNext ==
    /\ Next
    /\ \A i \in Server : currentTerm'[i] <= MaxTerm /\ Len(log'[i]) <= MaxLog
    /\ HistoryNext /\ Ind!TermLogNext /\ TermDiskNext

PlainSpec == PlainInit /\ [][PlainNext]_proofVars

\* Hides what only the invariant of the proof looks at.
ViewPlain == <<vars, history>>

Symmetry == Permutations(Server)
=============================================================================
