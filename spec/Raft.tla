-------------------------------- MODULE Raft --------------------------------
(***************************************************************************)
(* The Raft consensus algorithm: leader election and log replication, with *)
(* crash and restart, over a network that loses, duplicates and reorders.  *)
(*                                                                         *)
(* Read it beside Figure 2 of "In Search of an Understandable Consensus    *)
(* Algorithm (Extended Version)", Ongaro and Ousterhout, 2014,             *)
(* https://raft.github.io/raft.pdf. Section numbers are that paper's.      *)
(*                                                                         *)
(* One input handled by a server is one action here, one method of the     *)
(* Java class dev.checkedraft.core.Raft, and one event of a trace, under   *)
(* the same name. A handler adopts a newer term and answers in one step.   *)
(*                                                                         *)
(* Safety is pinned, performance is left open: which entries a leader      *)
(* sends, when, and to whom (nextIndex, batching, back-off, timing) is not *)
(* in this module. A reply is fixed by the message and the state.          *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
    Server,  \* the servers of the cluster
    Value,   \* what clients propose
    NoOp,    \* the value of the entry with which a leader begins its term
    Nil      \* "no server", for votedFor

Follower  == "Follower"
Candidate == "Candidate"
Leader    == "Leader"

----------------------------------------------------------------------------
\* Durable: survives a crash, since it is stored before any message that
\* depends on it is sent (5.1, 5.2, 5.3).
VARIABLES
    currentTerm,  \* [Server -> Nat]: the latest term the server has seen
    votedFor,     \* [Server -> Server or Nil]: whom it voted for in currentTerm
    log           \* [Server -> Seq(Entry)]: its log; the first index is 1

\* Volatile: lost at a crash.
VARIABLES
    role,         \* [Server -> {Follower, Candidate, Leader}]
    commitIndex   \* [Server -> Nat]: entries up to here are known committed

\* Volatile, of one role only; empty, or all zero, in the other roles.
VARIABLES
    votesGranted, \* [Server -> SUBSET Server]: a candidate's votes, its own included
    votesRefused, \* [Server -> SUBSET Server]: the servers that refused a candidate
    matchIndex    \* [Server -> [Server -> Nat]]: for a leader, the last index at
                  \* which another server's log is known to equal its own

\* Every message sent so far. Nothing is ever taken out: a message may be
\* received late, again, after later ones, or never.
VARIABLE messages

durableVars   == <<currentTerm, votedFor, log>>
candidateVars == <<votesGranted, votesRefused>>
leaderVars    == <<matchIndex>>
serverVars    == <<durableVars, role, commitIndex, candidateVars, leaderVars>>
vars          == <<serverVars, messages>>

----------------------------------------------------------------------------
Max(a, b) == IF a > b THEN a ELSE b
Min(a, b) == IF a < b THEN a ELSE b

\* More than half of all servers (5.2): any two majorities share a server.
IsMajority(servers) == 2 * Cardinality(servers) > Cardinality(Server)

TermAt(entries, index) == IF index = 0 THEN 0 ELSE entries[index].term

LastTerm(entries) == TermAt(entries, Len(entries))

NoMatch == [j \in Server |-> 0]

Send(new) == messages' = messages \cup new

\* The commit index of leader i, given its log and what is known of the others' logs:
\* the last entry of its own term that a majority holds, and with it all before it
\* (5.3). An entry of an older term is never committed by counting (5.4.2, figure 8).
LeaderCommit(i, term, entries, match) ==
    LET Holders(index) == {i} \cup {j \in Server \ {i} : match[j] >= index}
        committable == {index \in (commitIndex[i] + 1)..Len(entries) :
                            entries[index].term = term /\ IsMajority(Holders(index))}
    IN IF committable = {}
       THEN commitIndex[i]
       ELSE CHOOSE index \in committable : \A other \in committable : index >= other

\* A follower, by a newer term, a leader's AppendEntries, or a lost election.
BecomeFollower(i) ==
    /\ role'         = [role EXCEPT ![i] = Follower]
    /\ votesGranted' = [votesGranted EXCEPT ![i] = {}]
    /\ votesRefused' = [votesRefused EXCEPT ![i] = {}]
    /\ matchIndex'   = [matchIndex EXCEPT ![i] = NoMatch]

\* A newer term in any message: adopt it, with no vote yet, and follow (5.1).
AdoptTerm(i, term) ==
    /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
    /\ votedFor'    = [votedFor EXCEPT ![i] = Nil]
    /\ BecomeFollower(i)

\* The leader of a term begins it with a no-op entry: once that entry is committed,
\* so is everything before it (5.4.2, section 8). Alone in its cluster, it is at once.
BecomeLeader(i, term) ==
    LET entries == Append(log[i], [term |-> term, value |-> NoOp])
    IN /\ role'         = [role EXCEPT ![i] = Leader]
       /\ log'          = [log EXCEPT ![i] = entries]
       /\ commitIndex'  = [commitIndex EXCEPT ![i] = LeaderCommit(i, term, entries, NoMatch)]
       /\ votesGranted' = [votesGranted EXCEPT ![i] = {}]
       /\ votesRefused' = [votesRefused EXCEPT ![i] = {}]
       /\ matchIndex'   = [matchIndex EXCEPT ![i] = NoMatch]

----------------------------------------------------------------------------
Init ==
    /\ currentTerm  = [i \in Server |-> 0]
    /\ votedFor     = [i \in Server |-> Nil]
    /\ log          = [i \in Server |-> << >>]
    /\ role         = [i \in Server |-> Follower]
    /\ commitIndex  = [i \in Server |-> 0]
    /\ votesGranted = [i \in Server |-> {}]
    /\ votesRefused = [i \in Server |-> {}]
    /\ matchIndex   = [i \in Server |-> NoMatch]
    /\ messages     = {}

\* The election timeout of a follower or candidate ends: a new term, a vote for
\* itself, a request to every other server (5.2).
StartElection(i) ==
    LET term == currentTerm[i] + 1
    IN /\ role[i] # Leader
       /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
       /\ votedFor'    = [votedFor EXCEPT ![i] = i]
       /\ IF IsMajority({i})
          THEN BecomeLeader(i, term)
          ELSE /\ role'         = [role EXCEPT ![i] = Candidate]
               /\ votesGranted' = [votesGranted EXCEPT ![i] = {i}]
               /\ votesRefused' = [votesRefused EXCEPT ![i] = {}]
               /\ UNCHANGED <<log, commitIndex, leaderVars>>
       /\ Send({[type         |-> "RequestVote",
                 term         |-> term,
                 from         |-> i,
                 to           |-> j,
                 lastLogIndex |-> Len(log[i]),
                 lastLogTerm  |-> LastTerm(log[i])] : j \in Server \ {i}})

\* One vote a term, first come first served (5.2), and only for a candidate whose
\* log is at least as up to date as the voter's (5.4.1).
HandleRequestVote(i, m) ==
    LET newer    == m.term > currentTerm[i]
        term     == Max(m.term, currentTerm[i])
        voted    == IF newer THEN Nil ELSE votedFor[i]
        upToDate == IF m.lastLogTerm = LastTerm(log[i])
                    THEN m.lastLogIndex >= Len(log[i])
                    ELSE m.lastLogTerm > LastTerm(log[i])
        granted  == m.term = term /\ voted \in {Nil, m.from} /\ upToDate
    IN /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
       /\ votedFor'    = [votedFor EXCEPT ![i] = IF granted THEN m.from ELSE voted]
       /\ IF newer THEN BecomeFollower(i) ELSE UNCHANGED <<role, candidateVars, leaderVars>>
       /\ UNCHANGED <<log, commitIndex>>
       /\ Send({[type        |-> "RequestVoteResponse",
                 term        |-> term,
                 from        |-> i,
                 to          |-> m.from,
                 voteGranted |-> granted]})

\* A candidate leads once more than half have granted their vote, and follows again
\* once more than half have refused (5.2). Other answers come too late to matter.
HandleRequestVoteResponse(i, m) ==
    LET counts  == role[i] = Candidate /\ m.term = currentTerm[i]
        granted == votesGranted[i] \cup (IF m.voteGranted THEN {m.from} ELSE {})
        refused == votesRefused[i] \cup (IF m.voteGranted THEN {} ELSE {m.from})
    IN /\ CASE m.term > currentTerm[i] ->
                   AdoptTerm(i, m.term) /\ UNCHANGED <<log, commitIndex>>
            [] counts /\ IsMajority(granted) ->
                   BecomeLeader(i, currentTerm[i]) /\ UNCHANGED <<currentTerm, votedFor>>
            [] counts /\ IsMajority(refused) ->
                   BecomeFollower(i) /\ UNCHANGED <<durableVars, commitIndex>>
            [] counts /\ ~IsMajority(granted) /\ ~IsMajority(refused) ->
                   /\ votesGranted' = [votesGranted EXCEPT ![i] = granted]
                   /\ votesRefused' = [votesRefused EXCEPT ![i] = refused]
                   /\ UNCHANGED <<durableVars, role, commitIndex, leaderVars>>
            [] OTHER -> UNCHANGED serverVars
       /\ Send({})

\* A client's value goes to the end of the leader's log (5.3).
Propose(i, value) ==
    LET entries == Append(log[i], [term |-> currentTerm[i], value |-> value])
    IN /\ role[i] = Leader
       /\ log'         = [log EXCEPT ![i] = entries]
       /\ commitIndex' = [commitIndex EXCEPT ![i] =
                              LeaderCommit(i, currentTerm[i], entries, matchIndex[i])]
       /\ UNCHANGED <<currentTerm, votedFor, role, candidateVars, leaderVars>>
       /\ Send({})

\* The leader sends any slice of its log, the empty one (a heartbeat) included, with
\* what precedes it for the consistency check, and any commit index up to its own (5.3).
SendAppendEntries(i, j, prevLogIndex, count, leaderCommit) ==
    /\ role[i] = Leader
    /\ j # i
    /\ prevLogIndex + count <= Len(log[i])
    /\ leaderCommit <= commitIndex[i]
    /\ UNCHANGED serverVars
    /\ Send({[type         |-> "AppendEntries",
              term         |-> currentTerm[i],
              from         |-> i,
              to           |-> j,
              prevLogIndex |-> prevLogIndex,
              prevLogTerm  |-> TermAt(log[i], prevLogIndex),
              entries      |-> SubSeq(log[i], prevLogIndex + 1, prevLogIndex + count),
              leaderCommit |-> leaderCommit]})

\* The consistency check, then: what conflicts is removed, and only that, what is
\* missing is appended, and the commit index follows the leader's as far as this
\* message vouches for the log (5.3). A leader gets none of its own term (5.2).
HandleAppendEntries(i, m) ==
    LET newer    == m.term > currentTerm[i]
        term     == Max(m.term, currentTerm[i])
        lastNew  == m.prevLogIndex + Len(m.entries)
        HasTerm(index, t) == IF index <= Len(log[i]) THEN log[i][index].term = t ELSE FALSE
        matches  == IF m.prevLogIndex = 0 THEN TRUE ELSE HasTerm(m.prevLogIndex, m.prevLogTerm)
        success  == m.term = term /\ matches
        present  == \A k \in 1..Len(m.entries) : HasTerm(m.prevLogIndex + k, m.entries[k].term)
    IN /\ m.term = currentTerm[i] => role[i] # Leader
       /\ currentTerm' = [currentTerm EXCEPT ![i] = term]
       /\ votedFor'    = [votedFor EXCEPT ![i] = IF newer THEN Nil ELSE @]
       /\ IF m.term = term THEN BecomeFollower(i) ELSE UNCHANGED <<role, candidateVars, leaderVars>>
       /\ log' = [log EXCEPT ![i] = IF success /\ ~present
                                    THEN SubSeq(@, 1, m.prevLogIndex) \o m.entries
                                    ELSE @]
       /\ commitIndex' = [commitIndex EXCEPT ![i] = IF success
                                                    THEN Max(@, Min(m.leaderCommit, lastNew))
                                                    ELSE @]
       /\ Send({[type       |-> "AppendEntriesResponse",
                 term       |-> term,
                 from       |-> i,
                 to         |-> m.from,
                 success    |-> success,
                 \* what matches; or, refused, what did not
                 matchIndex |-> IF success THEN lastNew ELSE m.prevLogIndex]})

\* What a follower holds only grows in a term, so an old answer never takes anything
\* back; a refusal tells the leader only what to send next (5.3).
HandleAppendEntriesResponse(i, m) ==
    LET match == [matchIndex[i] EXCEPT ![m.from] = Max(@, m.matchIndex)]
    IN /\ CASE m.term > currentTerm[i] ->
                   AdoptTerm(i, m.term) /\ UNCHANGED <<log, commitIndex>>
            [] m.term = currentTerm[i] /\ role[i] = Leader /\ m.success ->
                   /\ matchIndex'  = [matchIndex EXCEPT ![i] = match]
                   /\ commitIndex' = [commitIndex EXCEPT ![i] =
                                          LeaderCommit(i, currentTerm[i], log[i], match)]
                   /\ UNCHANGED <<durableVars, role, candidateVars>>
            [] OTHER -> UNCHANGED serverVars
       /\ Send({})

\* A crash and the restart after it, as one step: only what is durable is left.
Restart(i) ==
    /\ BecomeFollower(i)
    /\ commitIndex' = [commitIndex EXCEPT ![i] = 0]
    /\ UNCHANGED durableVars
    /\ Send({})

----------------------------------------------------------------------------
Receive(m) ==
    CASE m.type = "RequestVote"           -> HandleRequestVote(m.to, m)
      [] m.type = "RequestVoteResponse"   -> HandleRequestVoteResponse(m.to, m)
      [] m.type = "AppendEntries"         -> HandleAppendEntries(m.to, m)
      [] m.type = "AppendEntriesResponse" -> HandleAppendEntriesResponse(m.to, m)

Next ==
    \/ \E i \in Server : StartElection(i)
    \/ \E i \in Server, value \in Value : Propose(i, value)
    \/ \E i, j \in Server : \E prevLogIndex \in 0..Len(log[i]) :
           \E count \in 0..(Len(log[i]) - prevLogIndex), leaderCommit \in 0..commitIndex[i] :
               SendAppendEntries(i, j, prevLogIndex, count, leaderCommit)
    \/ \E m \in messages : Receive(m)
    \/ \E i \in Server : Restart(i)

Spec == Init /\ [][Next]_vars
=============================================================================
