------------------------------ MODULE MCPlain -------------------------------
(***************************************************************************)
(* Raft as it is, message by message, with the bounds of MCRaft as guards. *)
(* For tiny bounds: MCRaft is compared with it, and a mutant that needs a  *)
(* message MCRaft does not offer is caught on it.                          *)
(***************************************************************************)
EXTENDS RaftInduction, MCPrint, TLC

CONSTANTS
    MaxTerm,      \* no election begins beyond this term
    MaxLog,       \* no log grows beyond this length, no-ops included
    MaxRestarts,  \* no run has more restarts that lose something; or Unlimited
    Unlimited     \* a value of its own

VARIABLE
    restarts      \* how many there have been

PlainInit == ProofInit /\ restarts = 0

\* The last step was a crash, if it lost anything.
Lost == \E i \in Server : role'[i] # role[i] \/ commitIndex'[i] # commitIndex[i]

Crash(i) ==
    /\ IF MaxRestarts = Unlimited THEN TRUE ELSE restarts < MaxRestarts
    /\ Restart(i)
    /\ Lost
    /\ restarts' = IF MaxRestarts = Unlimited THEN restarts ELSE restarts + 1

PlainNext ==
    /\ \/ \E i \in Server :
              currentTerm[i] < MaxTerm /\ StartElection(i) /\ UNCHANGED restarts
       \/ \E i \in Server, value \in Value :
              Len(log[i]) < MaxLog /\ Propose(i, value) /\ UNCHANGED restarts
       \/ \E i, j \in Server : \E prevLogIndex \in 0..Len(log[i]) :
              \E count \in 0..(Len(log[i]) - prevLogIndex), leaderCommit \in 0..commitIndex[i] :
                  SendAppendEntries(i, j, prevLogIndex, count, leaderCommit) /\ UNCHANGED restarts
       \/ \E m \in messages :
              Receive(m) /\ Len(log'[m.to]) <= MaxLog /\ UNCHANGED restarts
       \/ \E i \in Server : Crash(i)
    /\ HistoryNext
    /\ TermLogNext

PlainSpec == PlainInit /\ [][PlainNext]_<<proofVars, restarts>>

Symmetry == Permutations(Server)

----------------------------------------------------------------------------
\* The same, but what a leader may send is sent as soon as it may be: a model's
\* configuration says `Send <- EagerSend`. No server state is lost or gained, since
\* nobody need receive what is sent. The middle between PlainSpec and MCRaft.
EagerSend(new) ==
    messages' = messages \cup new \cup
        UNION {UNION {UNION {
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
              i \in {k \in Server : role'[k] = Leader}}

EagerNext ==
    /\ \/ \E i \in Server :
              currentTerm[i] < MaxTerm /\ StartElection(i) /\ UNCHANGED restarts
       \/ \E i \in Server, value \in Value :
              Len(log[i]) < MaxLog /\ Propose(i, value) /\ UNCHANGED restarts
       \/ \E m \in messages :
              Receive(m) /\ Len(log'[m.to]) <= MaxLog /\ UNCHANGED restarts
       \/ \E i \in Server : Crash(i)
    /\ HistoryNext
    /\ TermLogNext

EagerSpec == PlainInit /\ [][EagerNext]_<<proofVars, restarts>>

\* Hides the logs of terms, which nothing reads but the invariants of RaftInduction.
ViewTermLog == <<vars, history, restarts>>
=============================================================================
