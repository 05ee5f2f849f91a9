------------------------------ MODULE MCPrint -------------------------------
(***************************************************************************)
(* Prints the servers of each state, so that the states of two models can  *)
(* be compared.                                                            *)
(***************************************************************************)
EXTENDS Raft, TLC

\* An invariant that holds, and prints the servers of each distinct state, on a line for
\* each way to name them: with SYMMETRY only one state of those that differ in the names
\* is found, and which one is TLC's choice.
PrintServers ==
    \A p \in Permutations(Server) :
        LET ByName(f) == [i \in Server |-> f[p[i]]]
            Vote(i)   == IF votedFor[p[i]] = Nil THEN Nil ELSE CHOOSE j \in Server : p[j] = votedFor[p[i]]
        IN PrintT(ToString(<<"servers",
                             ByName(currentTerm),
                             [i \in Server |-> Vote(i)],
                             [i \in Server |-> [k \in DOMAIN log[p[i]] |->
                                                   <<log[p[i]][k].term, log[p[i]][k].value>>]],
                             ByName(role),
                             ByName(commitIndex),
                             [i \in Server |-> [j \in Server |-> p[j] \in votesGranted[p[i]]]],
                             [i \in Server |-> [j \in Server |-> p[j] \in votesRefused[p[i]]]],
                             [i \in Server |-> [j \in Server |-> matchIndex[p[i]][p[j]]]]>>))
=============================================================================
