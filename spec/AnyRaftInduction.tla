-------------------------- MODULE AnyRaftInduction --------------------------
(***************************************************************************)
(* Why any Raft is safe: the invariant of RaftInduction, carried over to   *)
(* disks and quorums. What speaks of votes and of the logs of terms is     *)
(* RaftInduction's own, word for word; what speaks of acknowledgements is  *)
(* said anew here, since a server acknowledges what is on its disk, and    *)
(* since an entry is chosen by a quorum that commits and lost by one that  *)
(* elects.                                                                 *)
(***************************************************************************)
EXTENDS AnyRaftProperties

VARIABLES
    termLog,  \* as in RaftInduction
    termDisk  \* history: [the terms that had a leader -> Seq(Entry)]: what the term's leader
              \* had on its disk, as it last was while it led

Ind == INSTANCE RaftInduction

TermDiskInit == termDisk = << >>

TermDiskNext ==
    LET leaders == {i \in Server : role'[i] = Leader}
    IN termDisk' = [t \in DOMAIN termDisk \cup {currentTerm'[i] : i \in leaders} |->
                       IF \E i \in leaders : currentTerm'[i] = t
                       THEN stored'[CHOOSE i \in leaders : currentTerm'[i] = t]
                       ELSE termDisk[t]]

ProofInit == Init /\ HistoryInit /\ Ind!TermLogInit /\ TermDiskInit
ProofNext == Next /\ HistoryNext /\ Ind!TermLogNext /\ TermDiskNext
proofVars == <<vars, history, termLog, termDisk>>
ProofSpec == ProofInit /\ [][ProofNext]_proofVars

----------------------------------------------------------------------------
\* The words of the invariant.

Led                == Ind!Led
Sent(type)         == Ind!Sent(type)
Ballots            == Ind!Ballots
Has(entries, t, k) == Ind!Has(entries, t, k)
Agree(a, b, k)     == Ind!Agree(a, b, k)
LostBy(u, t, k)    == Ind!LostBy(u, t, k)

\* Server j has had the term's log up to k on its disk in term t, and said so, or led the term.
Acked(t, j, k) ==
    \/ \E m \in messages : /\ m.type = "AppendEntriesResponse" /\ m.success
                           /\ m.term = t /\ m.from = j /\ k <= m.matchIndex
    \/ <<t, j>> \in elected /\ Agree(termDisk[t], termLog[t], k)

\* A quorum that commits has acknowledged the term's own entry at k.
Chosen(t, k) == Has(termLog[t], t, k) /\ IsCommitQuorum({j \in Server : Acked(t, j, k)})

----------------------------------------------------------------------------
\* What things are.

Heartbeats == [type : {"Heartbeat"}, term : Nat, from : Server, to : Server, leaderCommit : Nat]

MessagesOK == messages \subseteq (Ind!RequestVotes \cup Ind!RequestVoteResponses
                                  \cup Ind!AppendEntriesMessages \cup Ind!AppendEntriesResponses
                                  \cup Heartbeats)

HistoryOK ==
    /\ Ind!HistoryOK
    /\ stored \in [Server -> Seq(Raft!Entry)]
    /\ DOMAIN termDisk = Led /\ \A t \in Led : termDisk[t] \in Seq(Raft!Entry)

----------------------------------------------------------------------------
\* Votes, and the logs of terms: as in RaftInduction, but that a quorum elects.

BallotTerm      == Ind!BallotTerm
OneBallot       == Ind!OneBallot
BallotNow       == Ind!BallotNow
VotesCounted    == Ind!VotesCounted
AskMsg          == Ind!AskMsg
AskLog          == Ind!AskLog
LeaderLed       == Ind!LeaderLed
CandidateNotLed == Ind!CandidateNotLed
LedElected      == Ind!LedElected
LogTerms        == Ind!LogTerms
TermLogTerms    == Ind!TermLogTerms
LeaderLog       == Ind!LeaderLog
AppendMsg       == Ind!AppendMsg
AckBound        == Ind!AckBound
CommittedLen    == Ind!CommittedLen

LeaderVotes == \A e \in elected : 1 <= e[1] /\ e[1] <= currentTerm[e[2]] /\ IsElectionQuorum(Ind!Voters(e[1], e[2]))

\* A vote that a server remembers, and gave to another, was sent. So it may be given again. Rests on: no message is
\* taken back.
VoteSent == \A v, c \in Server : votedFor[v] = c /\ c # v => <<currentTerm[v], v, c>> \in Ballots

----------------------------------------------------------------------------
\* Disks.

\* What is on a disk comes from the logs of terms, too. Rests on: LogTerms, since it was in a log.
StoredTerms == \A i \in Server : \A k \in DOMAIN stored[i] :
                   LET t == stored[i][k].term
                   IN t \in Led /\ t <= currentTerm[i] /\ Agree(stored[i], termLog[t], k)

\* The leader of a term has the term's disk. Rests on: OneBallot, since no other leads in that term.
LeaderDisk == \A i \in Server : role[i] = Leader => stored[i] = termDisk[currentTerm[i]]

----------------------------------------------------------------------------
\* Acknowledgements.

\* Until it leaves the term, a server holds all that it acknowledged in it, in memory and on disk: a flush and
\* a crash keep what both have. Rests on: AppendMsg, LogTerms, StoredTerms, NewAcks.
AckNow == \A j \in Server : currentTerm[j] \in Led =>
              \A k \in DOMAIN termLog[currentTerm[j]] :
                  Acked(currentTerm[j], j, k) => /\ Agree(log[j], termLog[currentTerm[j]], k)
                                                 /\ Agree(stored[j], termLog[currentTerm[j]], k)

\* A leader believes of others only what they said. Rests on: no answer is counted in another term.
MatchAcked == \A i, j \in Server : role[i] = Leader /\ matchIndex[i][j] > 0 =>
                  Acked(currentTerm[i], j, matchIndex[i][j])

\* An acknowledged entry stays, in memory and on disk, but for a later leader that lacks it. Rests on: as AckNow.
AckKept == \A t \in Led : \A k \in DOMAIN termLog[t] : termLog[t][k].term = t =>
               \A j \in Server : Acked(t, j, k) =>
                   (Has(log[j], t, k) /\ Has(stored[j], t, k)) \/ LostBy(currentTerm[j], t, k)

\* A vote goes to a log that has what the voter acknowledged, but for a leader in between that lacks it.
\* Rests on: AckKept, AskLog, LogTerms; HandleRequestVote compares last entries, if it has not voted yet.
VoteUpToDate == \A b \in Ballots : role[b[3]] = Candidate /\ currentTerm[b[3]] = b[1] =>
                    \A t \in Led : \A k \in DOMAIN termLog[t] : t < b[1] /\ termLog[t][k].term = t =>
                        (Acked(t, b[2], k) => Has(log[b[3]], t, k) \/ LostBy(b[1], t, k))

\* The heart: if a later leader lacks an entry of a term, a quorum that elects had moved on without
\* acknowledging it, and never will. Rests on: VoteUpToDate; AckBound and LeaderVotes for new entries.
LaterLeaders == \A t, u \in Led : \A k \in DOMAIN termLog[t] :
                    t < u /\ termLog[t][k].term = t /\ ~Has(termLog[u], t, k) =>
                        IsElectionQuorum({j \in Server : t < currentTerm[j] /\ ~Acked(t, j, k)})

----------------------------------------------------------------------------
\* Commitment.

\* As in RaftInduction, where Chosen is this module's. A restarted server remembers no more than it still has.
CommitCert == \A i \in Server : commitIndex[i] = 0 \/
                  \E t \in Led : \E k \in DOMAIN termLog[t] :
                      /\ Chosen(t, k) /\ t <= currentTerm[i]
                      /\ commitIndex[i] <= k /\ Agree(log[i], termLog[t], commitIndex[i])

\* What a message says is committed is so. Rests on: CommitCert of its sender.
MsgCommit == \A m \in messages : m.type \in {"AppendEntries", "Heartbeat"} => m.leaderCommit = 0 \/
                 \E t \in Led : \E k \in DOMAIN termLog[t] :
                     Chosen(t, k) /\ t <= m.term /\ m.leaderCommit <= k

\* A heartbeat tells a commit index that its receiver has acknowledged. Rests on: MatchAcked.
HeartbeatMsg == \A m \in Sent("Heartbeat") :
                    m.term \in Led /\ (m.leaderCommit > 0 => Acked(m.term, m.to, m.leaderCommit))

CommittedCert == \A p \in DOMAIN committed :
                     \E t \in Led : \E k \in DOMAIN termLog[t] :
                         /\ Chosen(t, k) /\ t <= committed[p].term
                         /\ p <= k /\ committed[p].entry = termLog[t][p]

----------------------------------------------------------------------------
IndInv ==
    /\ TypeOK /\ MessagesOK /\ HistoryOK
    /\ BallotTerm /\ OneBallot /\ BallotNow /\ VotesCounted /\ AskMsg /\ AskLog
    /\ VoteSent
    /\ LeaderVotes /\ LeaderLed /\ CandidateNotLed /\ LedElected
    /\ LogTerms /\ TermLogTerms /\ LeaderLog /\ AppendMsg /\ StoredTerms /\ LeaderDisk
    /\ AckBound /\ AckNow /\ MatchAcked /\ AckKept /\ VoteUpToDate /\ LaterLeaders
    /\ CommitCert /\ MsgCommit /\ HeartbeatMsg /\ CommittedLen /\ CommittedCert

----------------------------------------------------------------------------
\* What follows from the invariant in one state.

\* Once chosen, an entry is in the log of every later leader. Rests on: LaterLeaders; a quorum that commits
\* meets one that elects.
ChosenKept == \A t, u \in Led : \A k \in DOMAIN termLog[t] :
                  t <= u /\ Chosen(t, k) => Agree(termLog[t], termLog[u], k)

UpToDate == Ind!UpToDate

----------------------------------------------------------------------------
\* What holds of every step.

NewLeader      == Ind!NewLeader
TermLogGrows   == Ind!TermLogGrows
TermLogWritten == Ind!TermLogWritten
CommittedAdded == Ind!CommittedAdded

\* What of the term's log was on its leader's disk stays there, while it leads. Rests on: LeaderLog, LeaderDisk; a
\* flush keeps what memory and disk have.
TermDiskKept == \A t \in Led : \A k \in DOMAIN termLog[t] :
                    Agree(termDisk[t], termLog[t], k) => Agree(termDisk'[t], termLog'[t], k)

\* The term's disk changes only with the disk of the term's leader, or with the leader.
TermDiskWritten == \A t \in Led' :
                       \/ t \in Led /\ termDisk'[t] = termDisk[t]
                       \/ \E i \in Server : role'[i] = Leader /\ currentTerm'[i] = t /\ termDisk'[t] = stored'[i]

\* What is newly acknowledged is held, in memory and on disk. Rests on: AppendMsg, and the consistency check with
\* LogTerms; CommitCert for what is committed, AckNow for a heartbeat; StoredTerms for the disk.
NewAcks == \A m \in messages' : m.type = "AppendEntriesResponse" /\ m.success =>
                \/ m \in messages
                \/ /\ m.term \in Led /\ m.term = currentTerm'[m.from]
                   /\ Agree(log'[m.from], termLog[m.term], m.matchIndex)
                   /\ Agree(stored'[m.from], termLog[m.term], m.matchIndex)

\* A follower commits only what it has of the log of its term. Rests on: as NewAcks.
FollowerCommits == \A i \in Server : role'[i] # Leader /\ commitIndex'[i] > commitIndex[i] =>
                        /\ currentTerm'[i] \in Led
                        /\ Agree(log'[i], termLog[currentTerm'[i]], commitIndex'[i])

\* The log of a term gains only entries of that term. Rests on: LeaderLog.
TermLogGains == \A t \in Led : \A k \in DOMAIN termLog'[t] : k \in DOMAIN termLog[t] \/ termLog'[t][k].term = t

\* What memory and disk have of the log of the server's term, both keep while it stays in the term.
\* Rests on: AppendMsg, LogTerms, StoredTerms.
HeldStays == \A j \in Server : currentTerm[j] \in Led /\ currentTerm'[j] = currentTerm[j] =>
                 \A n \in DOMAIN termLog[currentTerm[j]] :
                     /\ Agree(log[j], termLog[currentTerm[j]], n)
                     /\ Agree(stored[j], termLog[currentTerm[j]], n)
                     => /\ Agree(log'[j], termLog[currentTerm[j]], n)
                        /\ Agree(stored'[j], termLog[currentTerm[j]], n)

\* An entry that memory and disk have, both keep, but for a later leader that lacks it. Rests on: as HeldStays.
HasStays == \A j \in Server : \A t \in Led : \A n \in DOMAIN termLog[t] :
                Has(log[j], t, n) /\ Has(stored[j], t, n) =>
                    (Has(log'[j], t, n) /\ Has(stored'[j], t, n)) \/ LostBy(currentTerm'[j], t, n)

\* What is acknowledged stays so. Rests on: no message is taken back, TermDiskKept.
AckedStays == \A t \in Led : \A k \in DOMAIN termLog[t] : \A j \in Server : Acked(t, j, k) => Acked(t, j, k)'

\* What is acknowledged was so before, or is now held by a server of that term. Rests on: NewAcks, LeaderDisk,
\* LeaderLog, TermDiskWritten, TermLogWritten, ElectionSafety.
AckedBefore == \A t \in Led' : \A k \in DOMAIN termLog'[t] : \A j \in Server : Acked(t, j, k)' =>
                   \/ t \in Led /\ k \in DOMAIN termLog[t] /\ Acked(t, j, k)
                   \/ /\ currentTerm'[j] = t
                      /\ Agree(log'[j], termLog'[t], k)
                      /\ Agree(stored'[j], termLog'[t], k)

NewLeaderLacks ==
    \A i \in Server : Ind!IsElected(i) =>
          \A t \in Led : \A k \in DOMAIN termLog[t] :
              t < currentTerm'[i] /\ termLog[t][k].term = t /\ ~Has(log'[i], t, k) =>
                  IsElectionQuorum({j \in Server : t < currentTerm'[j] /\ ~Acked(t, j, k)})

\* What is chosen stays so. Rests on: AckedStays, TermLogGrows.
ChosenStays == \A t \in Led : \A k \in DOMAIN termLog[t] : Chosen(t, k) => Chosen(t, k)'

\* A leader commits up to an entry of its term that a quorum has. Rests on: MatchAcked, LeaderLog, LeaderDisk, StoredTerms.
LeaderCommits == \A i \in Server : role'[i] = Leader /\ commitIndex'[i] # commitIndex[i] =>
                     \E k \in DOMAIN log'[i] :
                         /\ commitIndex'[i] <= k /\ log'[i][k].term = currentTerm'[i]
                         /\ IsCommitQuorum({j \in Server : Acked(currentTerm[i], j, k)'})

\* And what so many have of its term is chosen. Rests on: LeaderLog.
CountedIsChosen == \A i \in Server : role'[i] = Leader =>
                       \A k \in DOMAIN log'[i] :
                           log'[i][k].term = currentTerm'[i]
                           /\ IsCommitQuorum({j \in Server : Acked(currentTerm[i], j, k)'}) =>
                               Chosen(currentTerm[i], k)'
=============================================================================
