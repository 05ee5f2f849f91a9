---------------------------- MODULE ReplicatedLog ----------------------------
(***************************************************************************)
(* What Raft is for, and all that a client needs to know of it: one        *)
(* sequence of committed entries that only grows, of which every server    *)
(* knows a prefix. A server that restarts may forget what it knew.         *)
(* RaftProperties says what of Raft is this sequence, and TLC checks it.   *)
(***************************************************************************)
EXTENDS Naturals, Sequences

CONSTANT Server

VARIABLES
    sequence,  \* the committed entries
    known      \* [Server -> Seq(Entry)]: what each server knows of them

IsPrefixOf(part, whole) == Len(part) <= Len(whole) /\ SubSeq(whole, 1, Len(part)) = part

Init == sequence = << >> /\ known = [s \in Server |-> << >>]

\* Server s commits one or more new entries, and is the first to know.
Commit(s) ==
    /\ Len(sequence') > Len(sequence)
    /\ IsPrefixOf(sequence, sequence')
    /\ known' = [known EXCEPT ![s] = sequence']

\* Server s hears of more of what is committed.
Learn(s) ==
    /\ Len(known'[s]) > Len(known[s])
    /\ IsPrefixOf(known'[s], sequence)
    /\ known' = [known EXCEPT ![s] = known'[s]]
    /\ UNCHANGED sequence

Forget(s) ==
    /\ known' = [known EXCEPT ![s] = << >>]
    /\ UNCHANGED sequence

Next == \E s \in Server : Commit(s) \/ Learn(s) \/ Forget(s)

Spec == Init /\ [][Next]_<<sequence, known>>
=============================================================================
