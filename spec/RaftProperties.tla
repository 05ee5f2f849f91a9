--------------------------- MODULE RaftProperties ---------------------------
(***************************************************************************)
(* What must hold of Raft, by the paper's names where it has one (figure 3 *)
(* and section 5.4). Two history variables remember what no server need    *)
(* remember; they only watch, and no action of Raft depends on them.       *)
(***************************************************************************)
EXTENDS Raft

VARIABLES
    elected,   \* history: the set of <<term, server>> such that server led term
    committed  \* history: the sequence of [entry, term] ever committed by some
               \* server; term is the one in which that server then was

history == <<elected, committed>>

HistoryInit == elected = {} /\ committed = << >>

\* Conjoined to each step of Raft: looks at the step's outcome.
HistoryNext ==
    LET longest == CHOOSE i \in Server : \A j \in Server : commitIndex'[i] >= commitIndex'[j]
        known   == Len(committed)
    IN /\ elected' = elected \cup {<<currentTerm'[i], i>> : i \in {j \in Server : role'[j] = Leader}}
       /\ committed' = IF commitIndex'[longest] > known
                       THEN committed \o [k \in 1..(commitIndex'[longest] - known) |->
                                             [entry |-> log'[longest][known + k],
                                              term  |-> currentTerm'[longest]]]
                       ELSE committed

Holds(i, index, entry) == IF index <= Len(log[i]) THEN log[i][index] = entry ELSE FALSE

----------------------------------------------------------------------------
\* Invariants.

Entry == [term : Nat \ {0}, value : Value \cup {NoOp}]

IsLog(entries) == \A k \in DOMAIN entries : entries[k] \in Entry

TypeOK ==
    /\ currentTerm  \in [Server -> Nat]
    /\ votedFor     \in [Server -> Server \cup {Nil}]
    /\ DOMAIN log = Server /\ \A i \in Server : IsLog(log[i])
    /\ role         \in [Server -> {Follower, Candidate, Leader}]
    /\ commitIndex  \in [Server -> Nat] /\ \A i \in Server : commitIndex[i] <= Len(log[i])
    /\ votesGranted \in [Server -> SUBSET Server]
    /\ votesRefused \in [Server -> SUBSET Server]
    /\ matchIndex   \in [Server -> [Server -> Nat]]
    /\ \A i \in Server : role[i] # Candidate => votesGranted[i] = {} /\ votesRefused[i] = {}
    /\ \A i \in Server : role[i] # Leader => matchIndex[i] = NoMatch

\* Election Safety (5.2): at most one leader is elected in a term, ever.
ElectionSafety ==
    \A a, b \in elected : a[1] = b[1] => a[2] = b[2]

\* Log Matching (5.3): two logs that hold an entry of the same index and term are
\* identical up to that index.
LogMatching ==
    \A i, j \in Server : \A index \in 1..Min(Len(log[i]), Len(log[j])) :
        log[i][index].term = log[j][index].term =>
            \A k \in 1..index : log[i][k] = log[j][k]

\* Leader Completeness (5.4): an entry committed in a term is in the log of the
\* leader of every later term.
LeaderCompleteness ==
    \A i \in Server : role[i] = Leader =>
        \A k \in DOMAIN committed :
            committed[k].term < currentTerm[i] => Holds(i, k, committed[k].entry)

\* State Machine Safety (5.4.3): no two servers ever apply different entries at one
\* index. A server may apply whatever it knows to be committed.
StateMachineSafety ==
    \A i \in Server : \A k \in 1..commitIndex[i] : Holds(i, k, committed[k].entry)

\* A leader holds every entry whose commit it or a leader before it told a client.
LeaderHasAllAckedValues ==
    \A i \in Server : role[i] = Leader =>
        \A k \in DOMAIN committed :
            committed[k].term <= currentTerm[i] => Holds(i, k, committed[k].entry)

\* What is committed stays in the durable logs of a majority, restarts or not.
CommittedEntriesSurvive ==
    \A k \in DOMAIN committed : IsMajority({i \in Server : Holds(i, k, committed[k].entry)})

\* A leader's matchIndex claims nothing that a follower of its term does not hold.
MatchIndexIsTrue ==
    \A i, j \in Server :
        i # j /\ role[i] = Leader /\ currentTerm[j] = currentTerm[i] =>
            \A k \in 1..matchIndex[i][j] : Holds(j, k, log[i][k])

----------------------------------------------------------------------------
\* Properties of steps.

\* Leader Append-Only (5.3): a leader never overwrites or deletes entries of its log.
LeaderAppendOnly ==
    [][\A i \in Server :
          role[i] = Leader /\ role'[i] = Leader /\ currentTerm'[i] = currentTerm[i] =>
              Len(log'[i]) >= Len(log[i]) /\ SubSeq(log'[i], 1, Len(log[i])) = log[i]]_vars

\* A server's term never goes back, not even at a restart (5.1).
TermNeverGoesBack == [][\A i \in Server : currentTerm'[i] >= currentTerm[i]]_vars

\* A server votes once in a term (5.2).
OneVoteATerm ==
    [][\A i \in Server : currentTerm'[i] = currentTerm[i] /\ votedFor[i] # Nil
           => votedFor'[i] = votedFor[i]]_vars

\* A server's commit index never goes back in one life.
CommitIndexNeverGoesBack ==
    [][\A i \in Server : commitIndex'[i] >= commitIndex[i] \/ Restart(i)]_vars

\* What a leader knows of a follower's log only grows while it leads.
MatchIndexNeverGoesBack ==
    [][\A i, j \in Server :
          role[i] = Leader /\ role'[i] = Leader /\ currentTerm'[i] = currentTerm[i] =>
              matchIndex'[i][j] >= matchIndex[i][j]]_vars

\* What was committed is never changed, and never forgotten.
CommittedIsAppendOnly ==
    [][SubSeq(committed', 1, Len(committed)) = committed]_<<vars, history>>

----------------------------------------------------------------------------
\* Refinement: Raft implements ReplicatedLog. A server knows what it may apply.
Abstract == INSTANCE ReplicatedLog WITH
    sequence <- [k \in DOMAIN committed |-> committed[k].entry],
    known    <- [i \in Server |-> SubSeq(log[i], 1, commitIndex[i])]

RefinesReplicatedLog == Abstract!Spec
=============================================================================
