------------------------- MODULE AnyRaftProperties --------------------------
(***************************************************************************)
(* What must hold of AnyRaft: the properties of RaftProperties, whose      *)
(* variables are AnyRaft's too. Three differ, since they tell of disks, of *)
(* quorums and of restarts, and are said anew.                             *)
(***************************************************************************)
EXTENDS AnyRaft

VARIABLES elected, committed  \* as in RaftProperties

Raft == INSTANCE RaftProperties

history     == Raft!history
HistoryInit == Raft!HistoryInit
HistoryNext == Raft!HistoryNext

----------------------------------------------------------------------------
\* Invariants. What is on disk is a log.
TypeOK == /\ Raft!TypeOK
          /\ DOMAIN stored = Server /\ \A i \in Server : Raft!IsLog(stored[i])

ElectionSafety          == Raft!ElectionSafety
LogMatching             == Raft!LogMatching
LeaderCompleteness      == Raft!LeaderCompleteness
StateMachineSafety      == Raft!StateMachineSafety
LeaderHasAllAckedValues == Raft!LeaderHasAllAckedValues

Stores(i, index, entry) == IF index \in DOMAIN stored[i] THEN stored[i][index] = entry ELSE FALSE

\* What is committed stays on the disks of as many as it takes to commit it, restarts or not.
CommittedEntriesSurvive ==
    \A k \in DOMAIN committed : IsCommitQuorum({i \in Server : Stores(i, k, committed[k].entry)})

\* A leader's matchIndex claims nothing that a follower of its term does not hold, and on its disk.
MatchIndexIsTrue ==
    /\ Raft!MatchIndexIsTrue
    /\ \A i, j \in Server :
           i # j /\ role[i] = Leader /\ currentTerm[j] = currentTerm[i] =>
               \A k \in 1..matchIndex[i][j] : Stores(j, k, log[i][k])

----------------------------------------------------------------------------
\* Properties of steps.
LeaderAppendOnly        == Raft!LeaderAppendOnly
TermNeverGoesBack       == Raft!TermNeverGoesBack
OneVoteATerm            == Raft!OneVoteATerm
MatchIndexNeverGoesBack == Raft!MatchIndexNeverGoesBack
CommittedIsAppendOnly   == Raft!CommittedIsAppendOnly

CommitIndexNeverGoesBack ==
    [][\A i \in Server : \/ commitIndex'[i] >= commitIndex[i]
                         \/ Restart(i, currentTerm'[i], log'[i], commitIndex'[i])]_vars

\* Refinement: AnyRaft implements ReplicatedLog, but that a server that restarts may forget
\* some of what it knew, where there it forgets all.
Sequence == [k \in DOMAIN committed |-> committed[k].entry]
Known    == [i \in Server |-> SubSeq(log[i], 1, commitIndex[i])]

Abstract == INSTANCE ReplicatedLog WITH sequence <- Sequence, known <- Known

ForgetSome(i) ==
    /\ IsPrefixOf(Known'[i], Known[i])
    /\ Known' = [Known EXCEPT ![i] = Known'[i]]
    /\ UNCHANGED Sequence

RefinesReplicatedLog ==
    Abstract!Init /\ [][Abstract!Next \/ \E i \in Server : ForgetSome(i)]_<<Sequence, Known>>
=============================================================================
