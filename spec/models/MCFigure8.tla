------------------------------ MODULE MCFigure8 ------------------------------
(***************************************************************************)
(* Figure 8 of the paper with three servers. It takes four terms; this     *)
(* model starts after two of them. That Raft reaches the start is checked: *)
(* NeverFigure8Start is an invariant that must fail.                       *)
(***************************************************************************)
EXTENDS MCRaft

\* Server a led term 1, and b leads term 2 by c's vote. Each has the no-op of its term,
\* and nobody else has it.
Figure8Servers(a, b, c) ==
    /\ currentTerm  = [i \in Server |-> 2]
    /\ votedFor     = [i \in Server |-> IF i = a THEN Nil ELSE b]
    /\ log          = [i \in Server |->
                          IF i = c THEN << >> ELSE << [term |-> IF i = a THEN 1 ELSE 2, value |-> NoOp] >>]
    /\ role         = [i \in Server |-> IF i = b THEN Leader ELSE Follower]
    /\ commitIndex  = [i \in Server |-> 0]
    /\ votesGranted = [i \in Server |-> {}]
    /\ votesRefused = [i \in Server |-> {}]
    /\ matchIndex   = [i \in Server |-> NoMatch]

\* What was sent before is never received.
Figure8Init ==
    \E a, b, c \in Server :
        /\ Cardinality({a, b, c}) = 3
        /\ Figure8Servers(a, b, c)
        /\ messages  = {AskedFact(a)}
        /\ elected   = {<<1, a>>, <<2, b>>}
        /\ committed = << >>
        /\ restarts  = 0
        /\ event     = <<>>

Figure8Spec == Figure8Init /\ [][MCNext]_mcVars

NeverFigure8Start ==
    ~ \E a, b, c \in Server :
          /\ Cardinality({a, b, c}) = 3
          /\ Figure8Servers(a, b, c)
          /\ elected = {<<1, a>>, <<2, b>>}
=============================================================================
