--------------------------- MODULE MCReachability ---------------------------
(***************************************************************************)
(* What must be possible. Each formula says that something never happens;  *)
(* TLC must find a run in which it does. Otherwise a check beside it may   *)
(* have passed by checking nothing.                                        *)
(***************************************************************************)
EXTENDS MCRaft

\* Two leaders are elected in one history.
NeverTwoLeaders == Cardinality(elected) < 2

\* A follower removes a conflicting suffix of its log.
NeverTruncates ==
    [][\A i \in Server : SubSeq(log'[i], 1, Min(Len(log[i]), Len(log'[i]))) = log[i]]_mcVars

\* An entry of an older term is committed, through a newer one (5.4.2).
NeverCommitsOlderTerm == \A k \in DOMAIN committed : committed[k].entry.term = committed[k].term

\* The votes of an even cluster are split in two halves: nobody can win the term.
NeverSplitsVote ==
    ~ \E a, b \in Server :
          /\ a # b
          /\ \A i \in Server : currentTerm[i] = currentTerm[a] /\ votedFor[i] \in {a, b}
          /\ 2 * Cardinality({i \in Server : votedFor[i] = a}) = Cardinality(Server)

\* A leader is deposed while it believes that it leads: a newer one is elected.
NeverLeadsInVain ==
    ~ \E i, j \in Server : role[i] = Leader /\ role[j] = Leader /\ currentTerm[i] < currentTerm[j]

\* A candidate gives up because a majority refused it: in a term in which nobody leads,
\* and without a restart.
NeverRefusedByMajority ==
    [][\A i \in Server :
          role[i] = Candidate /\ role'[i] = Follower /\ currentTerm'[i] = currentTerm[i]
              => restarts' # restarts \/ \E e \in elected : e[1] = currentTerm[i]]_mcVars

\* A leader restarts, which makes it a follower of its own term.
NeverRestartsLeader ==
    [][\A i \in Server :
          ~ (role[i] = Leader /\ role'[i] = Follower /\ currentTerm'[i] = currentTerm[i])]_mcVars
=============================================================================
