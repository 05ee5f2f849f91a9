; All that the prover takes for true without proof, but for the axiom of the greatest (Greatest.java), which no
; formula of this language can say.
;
; Seq stands for the sequences of one sort of things, and Elem for that sort: each sort of which the spec has
; sequences gets its own copy. What a sequence is beyond its ends is left open, as in TLA+.

; A sequence has a length, and a thing at each index from 1 to it.
(declare-fun len (Seq) Int)
(declare-fun at (Seq Int) Elem)
(assert (forall ((s Seq)) (! (<= 0 (len s)) :pattern ((len s)))))

; << >>
(declare-fun empty () Seq)
(assert (= (len empty) 0))

; Append(s, e): one longer, e last, and the same before.
(declare-fun append (Seq Elem) Seq)
(assert (forall ((s Seq) (e Elem)) (! (= (len (append s e)) (+ (len s) 1)) :pattern ((append s e)))))
(assert (forall ((s Seq) (e Elem)) (! (= (at (append s e) (+ (len s) 1)) e) :pattern ((append s e)))))
(assert (forall ((s Seq) (e Elem) (k Int))
  (! (=> (and (<= 1 k) (<= k (len s))) (= (at (append s e) k) (at s k)))
     :pattern ((at (append s e) k)) :pattern ((append s e) (at s k)))))

; SubSeq(s, a, b) == [k \in 1..(1 + b - a) |-> s[a + k - 1]], as module Sequences defines it.
(declare-fun subSeq (Seq Int Int) Seq)
(assert (forall ((s Seq) (a Int) (b Int))
  (! (= (len (subSeq s a b)) (ite (<= a b) (+ (- b a) 1) 0)) :pattern ((subSeq s a b)))))
(assert (forall ((s Seq) (a Int) (b Int) (k Int))
  (! (=> (and (<= 1 k) (<= k (+ (- b a) 1))) (= (at (subSeq s a b) k) (at s (+ (- a 1) k))))
     :pattern ((at (subSeq s a b) k)))))

; s \o t: s, then t.
(declare-fun concat (Seq Seq) Seq)
(assert (forall ((s Seq) (t Seq)) (! (= (len (concat s t)) (+ (len s) (len t))) :pattern ((concat s t)))))
(assert (forall ((s Seq) (t Seq) (k Int))
  (! (=> (and (<= 1 k) (<= k (len s))) (= (at (concat s t) k) (at s k))) :pattern ((at (concat s t) k)))))
(assert (forall ((s Seq) (t Seq) (k Int))
  (! (=> (and (< (len s) k) (<= k (+ (len s) (len t)))) (= (at (concat s t) k) (at t (- k (len s)))))
     :pattern ((at (concat s t) k)))))

; s = t is written (same s t): two sequences are one if they differ neither in length nor at any index.
(declare-fun same (Seq Seq) Bool)
(declare-fun differ (Seq Seq) Int)
(assert (forall ((s Seq) (t Seq)) (! (= (same s t) (= s t)) :pattern ((same s t)))))
(assert (forall ((s Seq) (t Seq))
  (! (or (same s t) (not (= (len s) (len t)))
         (and (<= 1 (differ s t)) (<= (differ s t) (len s))
              (not (= (at s (differ s t)) (at t (differ s t))))))
     :pattern ((same s t)))))

; Sets of servers. Cardinality(s) is (card s); all of them are finite, since Server is.
(declare-fun member (Server Servers) Bool)
(declare-fun card (Servers) Int)

; Of two sets that together count more than all servers, some server is in both; so two majorities meet.
(declare-fun everyone () Servers)
(declare-fun both (Servers Servers) Server)
(assert (forall ((x Server)) (! (member x everyone) :pattern ((member x everyone)))))
(assert (forall ((a Servers) (b Servers))
  (! (or (<= (+ (card a) (card b)) (card everyone)) (and (member (both a b) a) (member (both a b) b)))
     :pattern ((card a) (card b)))))

; A set that counts more than another has a server that the other lacks; so a superset of a majority is one.
(declare-fun only (Servers Servers) Server)
(assert (forall ((a Servers) (b Servers))
  (! (or (<= (card a) (card b)) (and (member (only a b) a) (not (member (only a b) b))))
     :pattern ((card a) (card b)))))

; What clients propose, and the no-op: of these nothing is assumed, not even that the no-op is none of the others.
(declare-fun isValue (Value) Bool)
(declare-fun noOp () Value)

; Nil is no server, since the two are written differently; so are the strings of the spec. Entries and other
; records of one sort are the same if their fields are. These come with the declarations of the sorts.
