------------------------------ MODULE Compared ------------------------------
(***************************************************************************)
(* What the translator is held to TLC on, besides the claims of the proof: *)
(* each action as a step of the proof takes it, and what the spec uses of  *)
(* TLA+, each in more ways than the spec has it.                           *)
(***************************************************************************)
EXTENDS RaftInduction

CONSTANT Other  \* a value that nobody may propose

Histories == HistoryNext /\ TermLogNext

\* An action, and the messages that it handles.
StartElectionStep == (\E i \in Server : StartElection(i)) /\ Histories
ProposeStep == (\E i \in Server, value \in Value : Propose(i, value)) /\ Histories
SendAppendEntriesStep ==
    /\ \E i, j \in Server : \E prevLogIndex \in 0..Len(log[i]) :
           \E count \in 0..(Len(log[i]) - prevLogIndex), leaderCommit \in 0..commitIndex[i] :
               SendAppendEntries(i, j, prevLogIndex, count, leaderCommit)
    /\ Histories
HandleRequestVoteStep ==
    (\E m \in Sent("RequestVote") : HandleRequestVote(m.to, m)) /\ Histories
HandleRequestVoteResponseStep ==
    (\E m \in Sent("RequestVoteResponse") : HandleRequestVoteResponse(m.to, m)) /\ Histories
HandleAppendEntriesStep ==
    (\E m \in Sent("AppendEntries") : HandleAppendEntries(m.to, m)) /\ Histories
HandleAppendEntriesResponseStep ==
    (\E m \in Sent("AppendEntriesResponse") : HandleAppendEntriesResponse(m.to, m)) /\ Histories
RestartStep == (\E i \in Server : Restart(i)) /\ Histories

\* A step of ReplicatedLog, or one that changes nothing there; the mapping is that of RaftProperties.
AbstractStep == Abstract!Next \/ UNCHANGED <<[k \in DOMAIN committed |-> committed[k].entry],
                                              [i \in Server |-> SubSeq(log[i], 1, commitIndex[i])]>>

----------------------------------------------------------------------------
\* EXCEPT: two changes, one that looks at the old value, one within a function of functions, one of a field.
ExceptTwice ==
    \A i, j \in Server :
        LET changed == [currentTerm EXCEPT ![i] = @ + 1, ![j] = @ + commitIndex[i]]
        IN changed = currentTerm' \/ changed[i] > changed[j]
ExceptWithin == \A i, j \in Server : [matchIndex EXCEPT ![i][j] = @ + 1][j][i] = matchIndex'[j][i]
ExceptField ==
    \A i \in Server : log[i] # << >> =>
        LET first == [term |-> log[i][1].term, value |-> log[i][1].value]
        IN [first EXCEPT !.term = @ + 1].term = currentTerm[i]

\* CASE: of numbers, of sets, and with arms that exclude each other only by what is before.
CaseOfNumbers ==
    \A i \in Server : commitIndex[i] = CASE role[i] = Leader -> Len(log[i])
                                         [] role[i] = Candidate -> Cardinality(votesGranted[i])
                                         [] OTHER -> 0
CaseOfSets ==
    \A i \in Server : i \in (CASE role[i] = Candidate -> votesGranted[i]
                               [] role[i] = Follower -> votesRefused[i]
                               [] OTHER -> Server \ {i})

\* LET: within LET, with an argument, and of both states.
LetNested ==
    \A i \in Server :
        LET last == Len(log[i])
            Later(k) == LET next == k + 1 IN next > last
        IN Later(commitIndex[i]) => last' > last
LetPrimed ==
    \A i \in Server : LET length == Len(log[i])
                          Is(k) == k = length
                      IN Is(commitIndex[i]) \/ length' > length \/ Is(commitIndex[i])'

\* CHOOSE: of servers, of numbers, the greatest, and the least, which the prover takes as it is.
ChooseServer == LET i == CHOOSE i \in Server : \A j \in Server : currentTerm[i] >= currentTerm[j]
                IN \A j \in Server : currentTerm[i] >= commitIndex[j]
ChooseNumber == \A i \in Server : Len(log[i]) > 0 =>
                    (CHOOSE k \in DOMAIN log[i] : \A q \in DOMAIN log[i] : k <= q) <= commitIndex[i]
ChooseLast == \A i \in Server : Len(log[i]) > 0 =>
                  (CHOOSE k \in DOMAIN log[i] : \A q \in DOMAIN log[i] : k >= q) <= commitIndex[i]

\* Sequences: slices, also empty ones and those that end elsewhere; concatenation; tuples and functions as sequences.
Slice == \A i \in Server : \A a, b \in 1..Len(log[i]) : Len(SubSeq(log[i], a, b)) <= commitIndex[i]
SliceAt == \A i \in Server : \A a, b \in DOMAIN log[i] :
               a <= b => SubSeq(log[i], a, b)[1].term = SubSeq(log[i], a, b)[Len(SubSeq(log[i], a, b))].term
Joined == \A i, j \in Server : log[i] \o log[j] = log'[i] \/ Len(log[i] \o log[j]) <= currentTerm[i]
JoinedAt == \A i, j \in Server : \A k \in DOMAIN (log[i] \o log[j]) : (log[i] \o log[j])[k].term <= currentTerm[i]
JoinedOrder == \A i \in Server : log[i] # << >> => (log[i] \o <<[term |-> 0, value |-> NoOp]>>)[1].term > commitIndex[i]
Appended == \A i \in Server : \E entry \in {log[j][1] : j \in {r \in Server : log[r] # << >>}} :
                Append(log[i], entry) = log'[i] \/ Append(log[i], entry)[2].term = entry.term
Given == \A i \in Server : [k \in 1..Len(log[i]) |-> log[i][k]] = log'[i] /\ (log[i] = << >> \/ << >> = SubSeq(log[i], 2, 1))
Pair == \A i \in Server : LET pair == <<currentTerm[i], i>> IN pair \in elected /\ pair[1] > commitIndex[pair[2]]

\* Sets: union, intersection, difference, comprehensions, inclusion, cardinality, and the sets of what things are.
United == \A i \in Server : votesGranted[i] \cup votesRefused[i] = Server
Common == \A i \in Server : votesGranted[i] \cap votesRefused[i] = {}
Without == \A i \in Server : Cardinality(Server \ votesGranted[i]) > Cardinality(votesRefused[i])
Counted == \A i \in Server : Cardinality({j \in Server : currentTerm[j] >= currentTerm[i]} \cup {i}) > commitIndex[i]
Mapped == {currentTerm[i] + 1 : i \in Server} = {currentTerm'[i] : i \in Server}
MappedPairs == {<<e[1] + 1, e[2]>> : e \in elected} \subseteq elected'
Subsets == \A i \in Server : votesGranted'[i] \in SUBSET votesGranted[i]
Notin == \A m \in messages : m.to \notin votesRefused[m.to] /\ m.from \in Server \ {m.to}
Domains == DOMAIN termLog \subseteq DOMAIN termLog' /\ \A t \in DOMAIN termLog : t + 1 \notin DOMAIN termLog'
Between == \A i \in Server : currentTerm[i] \in (commitIndex[i] + 1)..Len(log[i])

\* Records and functions: of sets of records and functions, compared, and changed as a whole.
Records == \A m \in messages : m \in RequestVotes \/ m \in AppendEntriesResponses
SameRecords == \A a, b \in messages : a.term = b.term /\ a.type = b.type => a = b
AskedIt == \A m \in messages : m = [type |-> "RequestVote", term |-> m.term, from |-> m.from, to |-> m.to,
                                    lastLogIndex |-> Len(log[m.from]), lastLogTerm |-> 0]
Functions == matchIndex' = [i \in Server |-> [j \in Server |-> IF i = j THEN 0 ELSE matchIndex[i][j]]]
Conditional == \A i \in Server : (IF role[i] = Leader THEN votesGranted[i] ELSE votesRefused[i]) = {}
ConditionalAny == \A i \in Server : (IF \E j \in Server : currentTerm[j] > currentTerm[i] THEN 1 ELSE 2) = currentTerm'[i]
Unchanged == UNCHANGED <<currentTerm, role>> \/ (\E i \in Server : UNCHANGED log[i]) \/ UNCHANGED termLog
Arithmetic == \A i \in Server : 2 * currentTerm[i] - commitIndex[i] > Len(log[i]) + 1 <=> currentTerm[i] # 1

\* What is not there: past the end of a log, no field of a message, a term without a log.
PastTheEnd == \A i \in Server : log[i][commitIndex[i] + 1].term > 0
NoField == \A m \in messages : m.lastLogIndex = 0
NoLog == \A i \in Server : Len(termLog[currentTerm[i]]) >= commitIndex[i]
SliceBeyond == \A i \in Server : Len(SubSeq(log[i], 1, commitIndex[i])) > 1
=============================================================================
