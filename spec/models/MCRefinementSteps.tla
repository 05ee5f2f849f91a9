------------------------- MODULE MCRefinementSteps --------------------------
(***************************************************************************)
(* Raft is an AnyRaft, choice by choice: what Raft.tla takes for each      *)
(* parameter of AnyRaft's actions. On the canonical network, so servers    *)
(* only; MCRefinement compares the messages too, for tiny bounds.          *)
(***************************************************************************)
EXTENDS MCRaft

Majority == Cardinality(Server) \div 2 + 1

AnyRaft == INSTANCE AnyRaft WITH
    stored         <- log,
    ElectionQuorum <- Majority,
    CommitQuorum   <- Majority

\* In place of AnyRaft's Send: the network is not compared.
AnySend(new) == TRUE

\* What Raft.tla would answer is checked by MCRefinement; here a follower refuses, whatever it does.
IsAnyRafts(i, m, action) ==
    CASE action = "StartElection" ->
             AnyRaft!StartElection(i, role'[i] = Leader, TRUE, TRUE, commitIndex'[i])
      [] action = "HandleRequestVote" ->
             \E granted \in BOOLEAN : AnyRaft!HandleRequestVote(i, m, TRUE, granted)
      [] action = "HandleRequestVoteResponse" ->
             AnyRaft!HandleRequestVoteResponse(i, m, role'[i], TRUE, TRUE, commitIndex'[i])
      [] action = "Propose" -> AnyRaft!Propose(i, m, TRUE, commitIndex'[i])
      [] action = "HandleAppendEntries" ->
             \E append \in BOOLEAN :
                 AnyRaft!HandleAppendEntries(i, m, TRUE, append, TRUE, commitIndex'[i], FALSE, 0)
      [] action = "HandleAppendEntriesResponse" ->
             AnyRaft!HandleAppendEntriesResponse(i, m, matchIndex'[i][m.from], commitIndex'[i])
      [] action = "Restart" -> AnyRaft!Restart(i, currentTerm[i], log[i], 0)

StepsAreAnyRafts == [][IsAnyRafts(event'.node, event'.detail, event'.action)]_mcVars
=============================================================================
