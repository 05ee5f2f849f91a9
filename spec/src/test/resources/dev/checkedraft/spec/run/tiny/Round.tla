-------------------------------- MODULE Round --------------------------------
\* Goes round for ever.
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Inc == x < 3 /\ x' = x + 1 /\ y' = y
Back == x = 3 /\ x' = 1 /\ y' = y
Set == x = 3 /\ y' = 1 - y /\ x' = x
Next == Inc \/ Back \/ Set
Spec == Init /\ [][Next]_vars /\ WF_vars(Next)
FromOneOn == []<>(x = 1)
YStays == <>[](y = 1)
InRange == x \in 0..3 /\ y \in {0, 1}
==============================================================================
