----------------------------- MODULE MCLiveness -----------------------------
(***************************************************************************)
(* Liveness: once disruption has ended, a leader is elected, and every     *)
(* entry of a leader that lasts is committed by every server.              *)
(*                                                                         *)
(* A run has two parts. Until `calm`, anything happens: elections, crashes *)
(* and losses, without fairness. From then on no server crashes, what was  *)
(* in flight has arrived or is lost, and (the fairness assumed):           *)
(*  - a message that is sent, or sent again and again, is received;        *)
(*  - timeouts are long: an election begins only when there is no leader   *)
(*    and all that was sent is received;                                   *)
(*  - timeouts are random: one ends first at a server that can win, that   *)
(*    is, whose log is as up to date as a majority's;                      *)
(*  - while there is no leader, some such timeout ends.                    *)
(*                                                                         *)
(* All bounds are in guards of actions. There is no CONSTRAINT, no VIEW    *)
(* and no SYMMETRY: liveness checking is unsound with them.                *)
(***************************************************************************)
EXTENDS MCRaft

CONSTANTS
    DisturbedTerm,  \* until calm, no election begins beyond this term; one term
                    \* more, MaxTerm, is enough for a leader
    DisturbedLog    \* clients propose only to leaders with shorter logs; no-ops go
                    \* beyond, and MaxLog is large enough never to stop one

ASSUME MaxTerm = DisturbedTerm + 1 /\ MaxLog >= DisturbedLog + MaxTerm

VARIABLE calm

\* Requests of elections before the calm are not received after it. (A refusal of one
\* would count against its candidate's new term.)
LiveSend(new) == messages' = Facts(new, IF calm THEN {} ELSE AskedBefore)

liveVars == <<mcVars, calm>>

Received ==
    /\ ReceiveRequestVote \/ ReceiveVote \/ ReceiveAppend \/ ReceiveAck \/ LearnTerm
    /\ Changes
    /\ UNCHANGED history
    /\ UNCHANGED <<restarts, calm>>

Disruption ==
    /\ ~calm
    /\ \/ (\E i \in Server : currentTerm[i] < DisturbedTerm /\ StartElection(i)) /\ UNCHANGED <<restarts, event>>
       \/ Crash /\ Changes
    /\ UNCHANGED history
    /\ UNCHANGED calm

Proposed ==
    /\ \E i \in Server, value \in Value : Len(log[i]) < DisturbedLog /\ Propose(i, value)
    /\ UNCHANGED history
    /\ UNCHANGED <<restarts, event, calm>>

\* All that is in flight may be lost.
CalmComes ==
    /\ ~calm
    /\ calm' = TRUE
    /\ messages' \in {messages \ OfType("Asked"), {}}
    /\ UNCHANGED <<serverVars, history, restarts, event>>

CanWin(i) ==
    IsMajority({j \in Server :
                   IF LastTerm(log[i]) = LastTerm(log[j])
                   THEN Len(log[i]) >= Len(log[j])
                   ELSE LastTerm(log[i]) > LastTerm(log[j])})

CalmElection ==
    /\ calm
    /\ \A i \in Server : role[i] # Leader
    /\ ~ENABLED Received
    /\ \E i \in Server : CanWin(i) /\ currentTerm[i] < MaxTerm /\ StartElection(i)
    /\ UNCHANGED history
    /\ UNCHANGED <<restarts, event, calm>>

LiveNext == Received \/ Disruption \/ Proposed \/ CalmComes \/ CalmElection

LiveSpec ==
    /\ MCInit /\ calm = FALSE  \* the history variables play no part here
    /\ [][LiveNext]_liveVars
    /\ WF_liveVars(Received)
    /\ WF_liveVars(CalmComes)
    /\ WF_liveVars(CalmElection)

----------------------------------------------------------------------------
\* A leader is elected, and lasts.
LeaderElected == <>[](\E i \in Server : role[i] = Leader)

\* Every entry that a lasting leader accepted is committed everywhere.
EveryEntryCommitted ==
    \A i \in Server :
        <>[](role[i] = Leader) =>
            <>[](\A j \in Server : log[j] = log[i] /\ commitIndex[j] = Len(log[i]))
=============================================================================
