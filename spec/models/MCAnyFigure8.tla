---------------------------- MODULE MCAnyFigure8 ----------------------------
(***************************************************************************)
(* Figure 8 of the paper for AnyRaft, whose leaders need no no-op: from    *)
(* the state that two terms lead to. That AnyRaft reaches it is checked:   *)
(* NeverFigure8Start is an invariant that must fail.                       *)
(***************************************************************************)
EXTENDS MCAnyRaft

\* Server a led term 1, and b leads term 2 by c's vote. Each has the no-op of its term,
\* on its disk, and nobody else has it.
Figure8Servers(a, b, c) ==
    /\ currentTerm  = [i \in Server |-> 2]
    /\ votedFor     = [i \in Server |-> IF i = a THEN Nil ELSE b]
    /\ log          = [i \in Server |->
                          IF i = c THEN << >> ELSE << [term |-> IF i = a THEN 1 ELSE 2, value |-> NoOp] >>]
    /\ stored       = log
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
        /\ messages  = {}
        /\ elected   = {<<1, a>>, <<2, b>>}
        /\ committed = << >>
        /\ event     = <<>>

Figure8Spec == Figure8Init /\ [][MCNext]_mcVars

NeverFigure8Start ==
    ~ \E a, b, c \in Server :
          /\ Cardinality({a, b, c}) = 3
          /\ Figure8Servers(a, b, c)
          /\ elected = {<<1, a>>, <<2, b>>}
=============================================================================
