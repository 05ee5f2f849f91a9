--------------------------- MODULE RaftRefinement ---------------------------
(***************************************************************************)
(* Raft is an AnyRaft, without bounds: every step of Raft.tla is one of    *)
(* AnyRaft.tla, with the same variables and messages, where the log is     *)
(* what is on disk. Which step, and with what parameters, is data beside   *)
(* the proof: proof/RaftInduction.json.                                    *)
(***************************************************************************)
EXTENDS RaftInduction

CONSTANT Majority  \* the least number of servers that is a majority

ASSUME MajorityIsLeast ==
    /\ 2 * Majority > Cardinality(Server)
    /\ 2 * (Majority - 1) <= Cardinality(Server)

AnyRaft == INSTANCE AnyRaft WITH
    stored         <- log,
    ElectionQuorum <- Majority,
    CommitQuorum   <- Majority

AnyInit == AnyRaft!Init
AnyNext == AnyRaft!Next
=============================================================================
