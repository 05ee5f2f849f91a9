---------------------------- MODULE MCRefinement ----------------------------
(***************************************************************************)
(* Raft is an AnyRaft: every step of Raft.tla is one of AnyRaft.tla, with  *)
(* the same variables and the same messages. Whatever Raft has in its log  *)
(* is on its disk. Raft on its own messages, with bounds as guards.        *)
(***************************************************************************)
EXTENDS Raft, TLC

CONSTANTS
    MaxTerm,  \* no server goes beyond this term
    MaxLog    \* no log grows beyond this length, no-ops included

BoundedNext ==
    /\ Next
    /\ \A i \in Server : currentTerm'[i] <= MaxTerm /\ Len(log'[i]) <= MaxLog

BoundedSpec == Init /\ [][BoundedNext]_vars

Majority == Cardinality(Server) \div 2 + 1

AnyRaft == INSTANCE AnyRaft WITH
    stored         <- log,
    ElectionQuorum <- Majority,
    CommitQuorum   <- Majority

RefinesAnyRaft == AnyRaft!Spec

Symmetry == Permutations(Server)
=============================================================================
