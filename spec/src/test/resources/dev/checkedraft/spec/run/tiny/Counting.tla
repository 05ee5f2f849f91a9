------------------------------ MODULE Counting ------------------------------
EXTENDS Naturals
CONSTANTS first, step
VARIABLE x

Init == \A i \in DOMAIN x : x[i] = first
Grows ==
    \A i \in DOMAIN x : x'[i] >= x[i] /\ x'[i] <= x[i] + step
Spec == Init /\ [][Grows]_x
=============================================================================
