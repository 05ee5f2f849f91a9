-------------------------------- MODULE Ping --------------------------------
(***************************************************************************)
(* A spec just large enough to try the machinery on: servers send numbers  *)
(* to each other, and take over those above their own.                     *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, Sequences, TLC

CONSTANTS
    Server,
    Max,     \* no number goes beyond it
    Narrate  \* TRUE: `event` tells each step

VARIABLES
    currentTerm,  \* [Server -> Nat]
    messages,
    event

vars == <<currentTerm, messages>>

Init ==
    /\ currentTerm = [i \in Server |-> 0]
    /\ messages = {}
    /\ event = <<>>

Event(name, i, detail) ==
    event' = IF Narrate THEN [action |-> name, node |-> i, detail |-> detail] ELSE <<>>

StartElection(i) ==
    /\ currentTerm[i] < Max
    /\ currentTerm' = [currentTerm EXCEPT ![i] = @ + 1]
    /\ messages' = messages \cup
           {[type |-> "RequestVote", from |-> i, to |-> j, term |-> currentTerm[i] + 1] : j \in Server \ {i}}
    /\ Event("StartElection", i, <<>>)

HandleRequestVote(i, m) ==
    /\ m.term > currentTerm[i]
    /\ currentTerm' = [currentTerm EXCEPT ![i] = m.term]
    /\ UNCHANGED messages
    /\ Event("HandleRequestVote", i, m)

Next ==
    \/ \E i \in Server : StartElection(i)
    \/ \E m \in messages : HandleRequestVote(m.to, m)

\* Never taken; makes a text occur twice, for a mutant that must not apply.
Stay == UNCHANGED messages

Spec == Init /\ [][Next]_vars
FairSpec == Spec /\ WF_vars(Next)
View == vars

Small == \A i \in Server : currentTerm[i] < 2
NothingHeard == \A i \in Server : currentTerm[i] > 0 => \E m \in messages : m.from = i
AlwaysZero == \A i \in Server : currentTerm[i] = 0 /\ messages = {} /\ Cardinality(Server) = 1
NeverTwo == [][\A i \in Server : currentTerm'[i] # 2]_vars
AllReachMax == <>(\A i \in Server : currentTerm[i] = Max)
AllPassMax == <>(\A i \in Server : currentTerm[i] > Max)
NobodyPassesMax == []<>(\A i \in Server : currentTerm[i] <= Max)
Raised == \A i \in Server : IF currentTerm[i] = 2 THEN <<1>>[2] = 1 ELSE TRUE
Asserted == \A i \in Server : Assert(currentTerm[i] < 2, "two")

\* A refinement that holds, and two that do not.
Counting3 == INSTANCE Counting WITH first <- 0, step <- 3, x <- currentTerm
From1 == INSTANCE Counting WITH first <- 1, step <- 3, x <- currentTerm
Counting1 == INSTANCE Counting WITH first <- 0, step <- 1, x <- currentTerm
RefinesCounting == Counting3!Spec
RefinesOtherStart == From1!Spec
RefinesOtherStep == Counting1!Spec
=============================================================================
