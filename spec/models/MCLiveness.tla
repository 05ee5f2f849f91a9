----------------------------- MODULE MCLiveness -----------------------------
(***************************************************************************)
(* Liveness: once disruption has ended, a leader is elected, and every     *)
(* entry of a leader that lasts is committed by every server.              *)
(*                                                                         *)
(* A run has two parts. Until `calm`, anything happens: elections, crashes *)
(* and losses, without fairness. From then on no server crashes, what was  *)
(* in flight has arrived or is lost, and it is assumed:                    *)
(*  - while a server can react to a message, some message is received;     *)
(*  - timeouts are long: an election begins only when there is no leader   *)
(*    and no server can react to any message;                              *)
(*  - timeouts are random: one ends first at a server that can win, that   *)
(*    is, whose log is as up to date as a majority's;                      *)
(*  - then, some such timeout ends;                                        *)
(*  - requests of elections before the calm are received no more.          *)
(*                                                                         *)
(* All bounds are in guards of actions. There is no CONSTRAINT, no VIEW    *)
(* and no SYMMETRY: liveness checking is unsound with them. Symmetry is    *)
(* used by hand instead: see First.                                        *)
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

\* The first election of all is this server's. No server is special, so a run in which
\* another is first is this one under other names, and the properties name no server.
First == CHOOSE i \in Server : TRUE
MayBegin(i) == i = First \/ \E j \in Server : currentTerm[j] > 0

Disruption ==
    /\ ~calm
    /\ \/ /\ \E i \in Server : MayBegin(i) /\ currentTerm[i] < DisturbedTerm /\ StartElection(i)
          /\ UNCHANGED <<restarts, event>>
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
    /\ \E i \in Server : MayBegin(i) /\ CanWin(i) /\ currentTerm[i] < MaxTerm /\ StartElection(i)
    /\ UNCHANGED history
    /\ UNCHANGED <<restarts, event, calm>>

LiveNext == Received \/ Disruption \/ Proposed \/ CalmComes \/ CalmElection

LiveSpec ==
    /\ MCInit /\ calm = FALSE  \* the history variables play no part here
    /\ [][LiveNext]_liveVars
    /\ WF_liveVars(CalmComes)
    /\ WF_liveVars(calm /\ (Received \/ CalmElection))

----------------------------------------------------------------------------
\* A leader is elected, and lasts.
LeaderElected == <>[](\E i \in Server : role[i] = Leader)

\* Every entry that a lasting leader accepted is committed everywhere.
EveryEntryCommitted ==
    \A i \in Server :
        <>[](role[i] = Leader) =>
            <>[](\A j \in Server : log[j] = log[i] /\ commitIndex[j] = Len(log[i]))
=============================================================================
