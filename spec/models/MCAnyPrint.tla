----------------------------- MODULE MCAnyPrint -----------------------------
(***************************************************************************)
(* Prints the servers of each state, so that the states of two models of   *)
(* AnyRaft can be compared. MCPrint does it for Raft.                      *)
(***************************************************************************)
EXTENDS AnyRaft, TLC

Brief(entries) == [k \in DOMAIN entries |-> <<entries[k].term, entries[k].value>>]

\* An invariant that holds, and prints the servers of each distinct state, on a line for
\* each way to name them.
PrintServers ==
    \A p \in Permutations(Server) :
        LET ByName(f) == [i \in Server |-> f[p[i]]]
            Vote(i)   == IF votedFor[p[i]] = Nil THEN Nil ELSE CHOOSE j \in Server : p[j] = votedFor[p[i]]
        IN PrintT(ToString(<<"servers",
                             ByName(currentTerm),
                             [i \in Server |-> Vote(i)],
                             [i \in Server |-> Brief(log[p[i]])],
                             [i \in Server |-> Brief(stored[p[i]])],
                             ByName(role),
                             ByName(commitIndex),
                             [i \in Server |-> [j \in Server |-> p[j] \in votesGranted[p[i]]]],
                             [i \in Server |-> [j \in Server |-> matchIndex[p[i]][p[j]]]]>>))
=============================================================================
