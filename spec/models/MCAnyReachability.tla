------------------------- MODULE MCAnyReachability --------------------------
(***************************************************************************)
(* Each freedom of AnyRaft is used. Each formula says that something never *)
(* happens; TLC must find a run in which it does.                          *)
(***************************************************************************)
EXTENDS MCAnyRaft

\* The last step was this action, of server i.
Did(action, i) == event'.action = action /\ event'.node = i

\* A leader that has committed steps down, and still knows what is committed.
NeverStepsDown ==
    [][\A i \in Server : ~ (Did("StepDown", i) /\ role[i] = Leader /\ commitIndex'[i] > 0)]_mcVars

\* A heartbeat tells a follower what is committed.
NeverCommitsByHeartbeat ==
    [][\A i \in Server : ~ (Did("HandleHeartbeat", i) /\ commitIndex'[i] > commitIndex[i])]_mcVars

\* A server crashes and loses an entry that it sent, as a leader, and another server has.
NeverLosesWhatItSent ==
    [][\A i, j \in Server :
          ~ (Did("Restart", i) /\ role[i] = Leader /\ Len(log'[i]) < Len(log[j]) /\ log[i] = log[j])]_mcVars

\* A leader commits an entry that is not on its own disk.
NeverCommitsBeforeItsDisk ==
    \A i \in Server : role[i] = Leader => SameUpTo(log[i], stored[i], commitIndex[i])

\* A crash leaves a new term without the vote.
NeverHalfAnElection ==
    [][\A i \in Server : ~ (Did("Restart", i) /\ currentTerm'[i] > currentTerm[i])]_mcVars

\* A crash brings back entries that were removed: the removal was not flushed.
NeverTruncatesInVain ==
    [][\A i \in Server :
          ~ (Did("Restart", i) /\ log[i] # << >> /\ log'[i] # << >> /\ LastTerm(log'[i]) < log[i][1].term)]_mcVars

\* Half of the servers commit, where more than half elect.
NeverCommitsByHalf ==
    \A k \in DOMAIN committed :
        2 * Cardinality({i \in Server : Stores(i, k, committed[k].entry)}) > Cardinality(Server)

\* A leader begins without a no-op, and has an entry of an older term to commit with one of its own.
NeverWithoutNoop ==
    \A k \in DOMAIN committed : committed[k].entry.term = committed[k].term

\* A leader commits later than it could.
NeverLater == [][\A i \in Server : ~ (Did("AdvanceCommitIndex", i) /\ commitIndex'[i] > commitIndex[i])]_mcVars

\* A leader believes less than it is told.
NeverBelievesLess ==
    [][\A i \in Server : Did("HandleAppendEntriesResponse", i) =>
          matchIndex'[i][event'.detail.from] \in {matchIndex[i][event'.detail.from], event'.detail.matchIndex}]_mcVars

\* A follower may claim, by a message that vouches for nothing, what it has committed.
NeverAnswersMore ==
    \A r \in OfType("Leader") \cup Leading : \A j \in Server \ {r.from} :
        commitIndex[j] > 0 =>
            ~ ENABLED HandleAppendEntries(j, AppendMessage(r, j, 0, 0, 0), FALSE, FALSE, FALSE,
                                          commitIndex[j], TRUE, commitIndex[j])

\* A snapshot takes the place of a log that conflicts with it.
NeverSnapshot ==
    [][\A i \in Server :
          ~ (Did("HandleAppendEntries", i) /\ commitIndex'[i] = commitIndex[i] + 2 /\ log[i] # << >>)]_mcVars

\* A restarted server remembers a commit index.
NeverRemembers == [][\A i \in Server : ~ (Did("Restart", i) /\ commitIndex'[i] > 0)]_mcVars

\* A vote may be given again, when the voter's log is ahead of the candidate's request.
NeverVotesAgain ==
    \A m \in OfType("RequestVote") : \A j \in Server \ {m.from} :
        Len(log[j]) > m.lastLogIndex =>
            ~ ENABLED HandleRequestVote(j, RequestVoteMessage(m, j), FALSE, TRUE)
=============================================================================
