------------------------------- MODULE MCRaft -------------------------------
(***************************************************************************)
(* Raft, bounded, on a canonical network, for model checking.              *)
(*                                                                         *)
(* The handlers are Raft's own. Only `Send` is another one (a model's      *)
(* configuration says `Send <- MCSend`): what it keeps in `messages` is no *)
(* message but a fact from which messages follow, and MCNext offers those  *)
(* messages to the handlers. Every history with the same servers and the   *)
(* same facts is one state. README.md says why each reduction is sound;    *)
(* SoundnessTest checks it.                                                *)
(***************************************************************************)
EXTENDS RaftProperties, MCPrint, TLC

CONSTANTS
    MaxTerm,      \* no election begins beyond this term
    MaxLog,       \* no log grows beyond this length, no-ops included
    MaxRestarts,  \* no run has more restarts that lose something; or Unlimited
    Unlimited,    \* a value of its own
    Forget,       \* the types of facts that are dropped once no server can react to them
    Least,        \* TRUE: of messages with one effect together, only the least are offered
    Narrate       \* TRUE: `event` tells each step; FALSE: it says nothing

VARIABLES
    restarts,     \* how many there have been
    event         \* the last step, for the reader of a run; hidden by View

mcVars == <<vars, history, restarts, event>>

----------------------------------------------------------------------------
\* The facts in `messages`.

\* Candidate `from` asked every other server for its vote in `term`.
RequestFact(m) == [type         |-> "RequestVote",
                   term         |-> m.term,
                   from         |-> m.from,
                   lastLogIndex |-> m.lastLogIndex,
                   lastLogTerm  |-> m.lastLogTerm]

\* `from` granted, or could have refused, its vote to candidate `to`.
VoteFact(type, term, from, to) == [type |-> type, term |-> term, from |-> from, to |-> to]

\* `from` has held the first `index` entries of the log of the leader `to`.
AckFact(term, from, to, index) ==
    [type |-> "Ack", term |-> term, from |-> from, to |-> to, index |-> index]

\* Candidate `from` asked for votes in a term before its current one. (That it did in
\* its current term is seen by its vote for itself.) It may yet get the answers.
AskedFact(from) == [type |-> "Asked", from |-> from]

HasAsked(i) == votedFor[i] = i \/ AskedFact(i) \in messages

\* The last log and commit index of a leader: while it leads they are its own, and
\* when it no longer does they are kept in `messages`.
Leadership(term, from, entries, commit) ==
    [type |-> "Leader", term |-> term, from |-> from, log |-> entries, commitIndex |-> commit]

OfType(type) == {m \in messages : m.type = type}

\* Does one of these acknowledgements say as much as m?
Covered(m, acks) ==
    \E n \in acks : m.term = n.term /\ m.from = n.from /\ m.to = n.to /\ m.index <= n.index

\* The longest part of leader i's log that is known to be in j's, by the consistency check.
Matched(theirs, entries) ==
    LET matching == {k \in 1..Min(Len(theirs), Len(entries)) : theirs[k].term = entries[k].term}
    IN IF matching = {} THEN 0 ELSE CHOOSE k \in matching : \A other \in matching : k >= other

\* Would j, in the state after this step, refuse the candidate i of its term? A request
\* of an older term is refused with j's term, and so counts against i as well.
Refuses(j, i, asked) ==
    IF AskedFact(i) \in asked \/ votedFor'[j] \notin {Nil, i} THEN TRUE
    ELSE IF LastTerm(log'[i]) = LastTerm(log'[j]) THEN Len(log'[i]) < Len(log'[j])
         ELSE LastTerm(log'[i]) < LastTerm(log'[j])

\* Can some server still react to fact m after this step?
Relevant(m) ==
    CASE m.type = "RequestVote" ->
             \E j \in Server \ {m.from} :
                 IF currentTerm'[j] = m.term THEN votedFor'[j] = Nil ELSE currentTerm'[j] < m.term
      [] m.type = "Asked" -> currentTerm'[m.from] < MaxTerm \/ role'[m.from] = Candidate
      [] m.type = "Vote" ->
             IF role'[m.to] = Candidate /\ currentTerm'[m.to] = m.term
             THEN m.from \notin votesGranted'[m.to]
             ELSE FALSE
      [] m.type = "Refusal" ->
             IF role'[m.to] = Candidate /\ currentTerm'[m.to] = m.term
             THEN m.from \notin votesRefused'[m.to]
             ELSE FALSE
      [] m.type = "Ack" ->
             IF role'[m.to] = Leader /\ currentTerm'[m.to] = m.term
             THEN m.index > matchIndex'[m.to][m.from]
             ELSE FALSE
      [] m.type = "Leader" ->
             \E j \in Server \ {m.from} : currentTerm'[j] <= m.term

\* The servers that, after this step, have asked in a term before their own.
AskedBefore ==
    OfType("Asked") \cup
        {AskedFact(i) : i \in {j \in Server : votedFor[j] = j /\ currentTerm'[j] # currentTerm[j]}}

\* The facts after this step, which sends `new`.
Facts(new, asked) ==
    LET candidates == {i \in Server : role'[i] = Candidate}
        leaders    == {i \in Server : role'[i] = Leader}
        InTerm(i)  == {j \in Server \ {i} : currentTerm'[j] = currentTerm'[i]}
        requests == {RequestFact(m) : m \in {n \in new : n.type = "RequestVote"}}
        votes    == {VoteFact("Vote", m.term, m.from, m.to) :
                        m \in {n \in new : n.type = "RequestVoteResponse" /\ n.voteGranted}}
        refusals == UNION {{VoteFact("Refusal", currentTerm'[i], j, i) :
                                j \in {k \in InTerm(i) : Refuses(k, i, asked)}} : i \in candidates}
        matched  == UNION {{AckFact(currentTerm'[i], j, i, Matched(log'[j], log'[i])) :
                                j \in {k \in InTerm(i) : role'[k] = Follower}} : i \in leaders}
        replied  == {AckFact(m.term, m.from, m.to, m.matchIndex) :
                        m \in {n \in new : n.type = "AppendEntriesResponse" /\ n.success}}
        acks     == matched \cup {m \in replied : ~Covered(m, matched)}
        deposed  == {i \in Server : role[i] = Leader
                                        /\ ~(role'[i] = Leader /\ currentTerm'[i] = currentTerm[i])}
        ended    == {Leadership(currentTerm[i], i, log[i], commitIndex[i]) : i \in deposed}
        old      == {m \in messages : IF m.type = "Ack" THEN ~Covered(m, acks) ELSE TRUE}
        facts    == old \cup requests \cup asked \cup votes \cup refusals \cup acks \cup ended
    IN {m \in facts : IF m.type \in Forget THEN Relevant(m) ELSE TRUE}

\* Raft's Send, for this network: the last conjunct of every action, so that it sees
\* what the action has made of the servers.
MCSend(new) == messages' = Facts(new, AskedBefore)

----------------------------------------------------------------------------
\* The messages that follow from the facts, as records of Raft's.

RequestVoteMessage(m, j) ==
    [type         |-> "RequestVote",
     term         |-> m.term,
     from         |-> m.from,
     to           |-> j,
     lastLogIndex |-> m.lastLogIndex,
     lastLogTerm  |-> m.lastLogTerm]

VoteMessage(term, from, to, granted) ==
    [type |-> "RequestVoteResponse", term |-> term, from |-> from, to |-> to, voteGranted |-> granted]

AppendMessage(r, j, prevLogIndex, count, leaderCommit) ==
    [type         |-> "AppendEntries",
     term         |-> r.term,
     from         |-> r.from,
     to           |-> j,
     prevLogIndex |-> prevLogIndex,
     prevLogTerm  |-> TermAt(r.log, prevLogIndex),
     entries      |-> SubSeq(r.log, prevLogIndex + 1, prevLogIndex + count),
     leaderCommit |-> leaderCommit]

AckMessage(term, from, to, success, index) ==
    [type       |-> "AppendEntriesResponse",
     term       |-> term,
     from       |-> from,
     to         |-> to,
     success    |-> success,
     matchIndex |-> index]

Leaderships ==
    OfType("Leader")
        \cup {Leadership(currentTerm[i], i, log[i], commitIndex[i]) : i \in {k \in Server : role[k] = Leader}}

\* All a leader may ever have sent: any slice of its log and any commit index. The
\* least of it: a heartbeat that says no more than the term; then, within the term, one
\* entry without a commit index, or a commit index without entries. A message that
\* does several of these at once comes to the same as one after the other.
Appends(r, j) ==
    IF ~Least
    THEN UNION {{AppendMessage(r, j, prev, count, commit) :
                    count \in 0..(Len(r.log) - prev), commit \in 0..r.commitIndex} :
                prev \in 0..Len(r.log)}
    ELSE IF currentTerm[j] < r.term \/ role[j] # Follower
         THEN {AppendMessage(r, j, 0, 0, 0)}
         ELSE {AppendMessage(r, j, prev, 1, 0) : prev \in 0..(Len(r.log) - 1)}
              \cup {AppendMessage(r, j, commit, 0, commit) : commit \in 1..r.commitIndex}

----------------------------------------------------------------------------
Event(name, i, detail) == event' = IF Narrate THEN [action |-> name, node |-> i, detail |-> detail] ELSE <<>>

TimeOut ==
    \E i \in Server : currentTerm[i] < MaxTerm /\ StartElection(i) /\ Event("StartElection", i, <<>>)

ClientRequest ==
    \E i \in Server, value \in Value :
        Len(log[i]) < MaxLog /\ Propose(i, value) /\ Event("Propose", i, value)

ReceiveRequestVote ==
    \E m \in OfType("RequestVote") : \E j \in Server \ {m.from} :
        LET message == RequestVoteMessage(m, j)
        IN /\ "RequestVote" \in Forget => currentTerm[j] <= m.term
           /\ HandleRequestVote(j, message)
           /\ Event("HandleRequestVote", j, message)

ReceiveVote ==
    \E m \in OfType("Vote") \cup OfType("Refusal") :
        LET message == VoteMessage(m.term, m.from, m.to, m.type = "Vote")
        IN /\ HandleRequestVoteResponse(m.to, message)
           /\ Len(log'[m.to]) <= MaxLog  \* a no-op must fit
           /\ Event("HandleRequestVoteResponse", m.to, message)

ReceiveAppend ==
    \E r \in Leaderships : \E j \in Server \ {r.from} :
        /\ "Leader" \in Forget => currentTerm[j] <= r.term
        /\ \E message \in Appends(r, j) :
               HandleAppendEntries(j, message) /\ Event("HandleAppendEntries", j, message)

ReceiveAck ==
    \E m \in OfType("Ack") : \E index \in 1..m.index :
        LET message == AckMessage(m.term, m.from, m.to, TRUE, index)
        IN /\ HandleAppendEntriesResponse(m.to, message)
           /\ Event("HandleAppendEntriesResponse", m.to, message)

\* A refusal within the leader's term tells it nothing that Raft.tla keeps. It is
\* offered to mutants.
ReceiveRefusedAppend ==
    \E i, j \in Server :
        /\ ~Least
        /\ role[i] = Leader /\ role[j] = Follower /\ currentTerm[j] = currentTerm[i]
        /\ \E index \in (Matched(log[j], log[i]) + 1)..Len(log[i]) :
               LET message == AckMessage(currentTerm[i], j, i, FALSE, index)
               IN /\ HandleAppendEntriesResponse(i, message)
                  /\ Event("HandleAppendEntriesResponse", i, message)

\* Any reply of a newer term, seen by its receiver as nothing but that term.
LearnTerm ==
    \E i, j \in Server :
        /\ currentTerm[j] > currentTerm[i]
        /\ HasAsked(i)
        /\ \E term \in (currentTerm[i] + 1)..currentTerm[j] :
               IF role[i] = Leader
               THEN LET message == AckMessage(term, j, i, FALSE, 0)
                    IN /\ HandleAppendEntriesResponse(i, message)
                       /\ Event("HandleAppendEntriesResponse", i, message)
               ELSE LET message == VoteMessage(term, j, i, FALSE)
                    IN /\ HandleRequestVoteResponse(i, message)
                       /\ Event("HandleRequestVoteResponse", i, message)

Crash ==
    \E i \in Server :
        /\ IF MaxRestarts = Unlimited THEN TRUE ELSE restarts < MaxRestarts
        /\ Restart(i)
        /\ restarts' = IF MaxRestarts = Unlimited THEN restarts ELSE restarts + 1
        /\ Event("Restart", i, <<>>)

\* A step that changes neither a server nor a fact is left out.
Changes == vars' # vars

MCInit == Init /\ HistoryInit /\ restarts = 0 /\ event = <<>>

MCNext ==
    \/ TimeOut            /\ HistoryNext /\ UNCHANGED restarts
    \/ ClientRequest      /\ HistoryNext /\ UNCHANGED restarts
    \/ ReceiveRequestVote /\ Changes /\ HistoryNext /\ UNCHANGED restarts
    \/ ReceiveVote        /\ Changes /\ HistoryNext /\ UNCHANGED restarts
    \/ ReceiveAppend      /\ Changes /\ HistoryNext /\ UNCHANGED restarts
    \/ ReceiveAck         /\ Changes /\ HistoryNext /\ UNCHANGED restarts
    \/ ReceiveRefusedAppend /\ Changes /\ HistoryNext /\ UNCHANGED restarts
    \/ LearnTerm          /\ Changes /\ HistoryNext /\ UNCHANGED restarts
    \/ Crash              /\ Changes /\ HistoryNext

MCSpec == MCInit /\ [][MCNext]_mcVars

----------------------------------------------------------------------------
\* The invariants on which the proof rests (RaftInduction), of what this network
\* remembers. Some are said of its facts as they stand there; those that look back to what is
\* forgotten are said of the servers alone, and so less is claimed. MCHunt has all of them.

\* The messages that follow from the facts.
Requests == UNION {{RequestVoteMessage(m, j) : j \in Server \ {m.from}} : m \in OfType("RequestVote")}
Votes    == {VoteMessage(m.term, m.from, m.to, TRUE) : m \in OfType("Vote")}
Acks     == {AckMessage(m.term, m.from, m.to, TRUE, m.index) : m \in OfType("Ack")}
Slices   == UNION {UNION {Appends(r, j) : j \in Server \ {r.from}} : r \in Leaderships}

\* The logs of the terms whose leaders are remembered.
LogOf == [t \in {r.term : r \in Leaderships} |-> (CHOOSE r \in Leaderships : r.term = t).log]

Known(told, logOf) == INSTANCE RaftInduction WITH messages <- told, termLog <- logOf

\* Votes are of terms reached, one a server and term, and remembered in their term.
BallotsAreTrue ==
    /\ Known(Votes, LogOf)!BallotTerm
    /\ Known(Votes, LogOf)!OneBallot
    /\ Known(Votes, LogOf)!BallotNow

\* A vote counted was given, as far as the voter remembers: VotesCounted.
Gave(v, term, candidate) ==
    currentTerm[v] > term \/ (currentTerm[v] = term /\ votedFor[v] = candidate)

VotesCountedAreGiven ==
    \A i \in Server : role[i] = Candidate => \A v \in votesGranted[i] : Gave(v, currentTerm[i], i)

\* Whoever led had a majority's votes, as far as they remember: LeaderVotes. Who stands has not.
LeadersAreElected ==
    /\ Known({}, LogOf)!LeaderLed
    /\ Known({}, LogOf)!CandidateNotLed
    /\ \A e \in elected : IsMajority({v \in Server : Gave(v, e[1], e[2])})

\* Terms never decrease along a log, and each had a leader: of LogTerms, what a log alone shows.
LogTermsGrow ==
    \A i \in Server : \A k \in DOMAIN log[i] :
        /\ log[i][k].term <= (IF k = Len(log[i]) THEN currentTerm[i] ELSE log[i][k + 1].term)
        /\ \E e \in elected : e[1] = log[i][k].term

\* A leader has its term's log, and that ends with an entry of the term.
LeaderLogIsOfItsTerm == Known({}, LogOf)!LeaderLog /\ Known({}, LogOf)!TermLogOwn

\* Requests and AppendEntries tell the truth about their senders' logs.
MessagesAreTrue ==
    /\ Known(Requests, LogOf)!AskMsg
    /\ Known(Requests, LogOf)!AskLog
    /\ Known(Slices, LogOf)!AppendMsg

\* An acknowledgement is of the term's log, and held until its sender leaves the term.
AcksAreTrue == Known(Acks, LogOf)!AckBound /\ Known(Acks, LogOf)!AckNow

----------------------------------------------------------------------------
Symmetry == Permutations(Server)

\* Hides the event, which nothing reads.
ViewEvent == <<serverVars, messages, history, restarts>>
=============================================================================
