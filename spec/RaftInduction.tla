---------------------------- MODULE RaftInduction ----------------------------
(***************************************************************************)
(* Why Raft is safe, whatever the number of servers, terms and entries: an *)
(* invariant that holds at first, that every step keeps, and from which    *)
(* all of RaftProperties follows. `./raft prove` has a solver check it,    *)
(* and PROOF.md tells it as one person would tell another.                 *)
(*                                                                         *)
(* One more history variable, and everything else is said with it. Each   *)
(* conjunct has its reason, and, after "Rests on", what keeps it.          *)
(***************************************************************************)
EXTENDS RaftProperties

VARIABLE
    termLog  \* history: [the terms that had a leader -> Seq(Entry)]: the log of the
             \* term's leader, as it last was in that term

TermLogInit == termLog = << >>

\* Like HistoryNext, conjoined to each step, and looks at its outcome.
TermLogNext ==
    LET leaders == {i \in Server : role'[i] = Leader}
    IN termLog' = [t \in DOMAIN termLog \cup {currentTerm'[i] : i \in leaders} |->
                      IF \E i \in leaders : currentTerm'[i] = t
                      THEN log'[CHOOSE i \in leaders : currentTerm'[i] = t]
                      ELSE termLog[t]]

ProofInit == Init /\ HistoryInit /\ TermLogInit
ProofNext == Next /\ HistoryNext /\ TermLogNext
proofVars == <<vars, history, termLog>>
ProofSpec == ProofInit /\ [][ProofNext]_proofVars

\* What the constants must be; and in a run of TLC they are.
ASSUME ServersAreFinite == IsFiniteSet(Server) /\ Server # {}
ASSUME NilIsNoServer == Nil \notin Server

----------------------------------------------------------------------------
\* The words of the invariant.

\* The terms that had a leader.
Led == DOMAIN termLog

Sent(type) == {m \in messages : m.type = type}

\* The votes that can count, as <<term, voter, candidate>>: those that were sent, and those that
\* a leader gave to itself, and a candidate, while it stands.
Ballots ==
    {<<m.term, m.from, m.to>> : m \in {r \in Sent("RequestVoteResponse") : r.voteGranted}}
    \cup {<<e[1], e[2], e[2]>> : e \in elected}
    \cup {<<currentTerm[c], c, c>> : c \in {i \in Server : role[i] = Candidate}}

Voters(t, c) == {v \in Server : <<t, v, c>> \in Ballots}

\* The entry at k is one of term t. By log matching there is but one of that index and term.
Has(entries, t, k) == k \in DOMAIN entries /\ entries[k].term = t

\* Two logs are the same up to k, and reach it.
Agree(a, b, k) == k <= Len(a) /\ k <= Len(b) /\ \A q \in 1..k : a[q] = b[q]

\* Server j said in term t that it holds the term's log up to k: by a message, or by leading.
Acked(t, j, k) ==
    \/ \E m \in messages : /\ m.type = "AppendEntriesResponse" /\ m.success
                           /\ m.term = t /\ m.from = j /\ k <= m.matchIndex
    \/ <<t, j>> \in elected /\ k <= Len(termLog[t])

\* A majority said in term t that it holds the term's own entry at k. What is chosen is
\* committed as soon as the leader hears of it; and it is never lost, heard of or not.
Chosen(t, k) == Has(termLog[t], t, k) /\ IsMajority({j \in Server : Acked(t, j, k)})

\* After term t, and by term u, a leader was elected without the entry that term t has at k.
LostBy(u, t, k) == \E w \in Led : t < w /\ w <= u /\ ~Has(termLog[w], t, k)

----------------------------------------------------------------------------
\* What things are. The prover reads the kinds of all variables from these two and TypeOK.

RequestVotes == [type : {"RequestVote"}, term : Nat, from : Server, to : Server,
                 lastLogIndex : Nat, lastLogTerm : Nat]
RequestVoteResponses == [type : {"RequestVoteResponse"}, term : Nat, from : Server, to : Server,
                         voteGranted : BOOLEAN]
AppendEntriesMessages == [type : {"AppendEntries"}, term : Nat, from : Server, to : Server,
                          prevLogIndex : Nat, prevLogTerm : Nat, entries : Seq(Entry),
                          leaderCommit : Nat]
AppendEntriesResponses == [type : {"AppendEntriesResponse"}, term : Nat, from : Server, to : Server,
                           success : BOOLEAN, matchIndex : Nat]

\* Every message is of one of four kinds. Rests on: TypeOK, since it tells of what its sender is.
MessagesOK == messages \subseteq (RequestVotes \cup RequestVoteResponses
                                  \cup AppendEntriesMessages \cup AppendEntriesResponses)

\* Log entries are entries, so that histories and messages are. Rests on: TypeOK.
HistoryOK ==
    /\ log \in [Server -> Seq(Entry)]
    /\ elected \subseteq (Nat \X Server)
    /\ committed \in Seq([entry : Entry, term : Nat])
    /\ Led \subseteq Nat /\ \A t \in Led : termLog[t] \in Seq(Entry)

----------------------------------------------------------------------------
\* Votes.

\* A vote is of a term that voter and candidate have reached. Rests on: AskMsg.
BallotTerm == \A b \in Ballots : 1 <= b[1] /\ b[1] <= currentTerm[b[2]] /\ b[1] <= currentTerm[b[3]]

\* No server votes for two in a term. Rests on: BallotTerm, BallotNow.
OneBallot == \A a, b \in Ballots : a[1] = b[1] /\ a[2] = b[2] => a[3] = b[3]

\* A server remembers its vote of its present term, also over a restart. Rests on: BallotTerm.
BallotNow == \A v, c \in Server : <<currentTerm[v], v, c>> \in Ballots => votedFor[v] = c

\* A candidate counts only votes that were given to it. Rests on: the message that told it.
VotesCounted == \A i \in Server : role[i] = Candidate => votesGranted[i] \subseteq Voters(currentTerm[i], i)

\* Who asked for votes in a term has reached it. Rests on: terms only grow.
AskMsg == \A m \in Sent("RequestVote") : 1 <= m.term /\ m.term <= currentTerm[m.from]

\* While a candidate stands, its log is the one it asked with. Rests on: AskMsg; no candidate appends.
AskLog == \A m \in Sent("RequestVote") :
              role[m.from] = Candidate /\ currentTerm[m.from] = m.term =>
                  m.lastLogIndex = Len(log[m.from]) /\ m.lastLogTerm = LastTerm(log[m.from])

\* Whoever led had the votes of a majority. Rests on: VotesCounted.
LeaderVotes == \A e \in elected : 1 <= e[1] /\ e[1] <= currentTerm[e[2]] /\ IsMajority(Voters(e[1], e[2]))

\* Who leads was elected. Rests on: elected remembers all leaders.
LeaderLed == \A i \in Server : role[i] = Leader => <<currentTerm[i], i>> \in elected

\* A candidate has not led its term yet; after a restart nobody stands. Rests on: LeaderVotes.
CandidateNotLed == \A i \in Server : role[i] = Candidate => 1 <= currentTerm[i] /\ <<currentTerm[i], i>> \notin elected

\* The terms with a log are the terms with a leader. Rests on: both histories watch the same leaders.
LedElected == Led = {e[1] : e \in elected}

----------------------------------------------------------------------------
\* Logs. Each is compared with the logs of terms, and no two servers' with one another:
\* this is log matching, said so that a step of one server has one log to look at.

\* Every entry comes from its term's leader, with all that is before it. Rests on: AppendMsg, TermLogTerms.
LogTerms == \A i \in Server : \A k \in DOMAIN log[i] :
                LET t == log[i][k].term
                IN t \in Led /\ t <= currentTerm[i] /\ Agree(log[i], termLog[t], k)

\* The same of the logs of terms. Rests on: LogTerms of the server that is elected.
TermLogTerms == \A u \in Led : \A k \in DOMAIN termLog[u] :
                    LET t == termLog[u][k].term
                    IN t \in Led /\ t <= u /\ Agree(termLog[u], termLog[t], k)

\* The leader of a term has the term's log. Rests on: OneBallot, since no other leads in that term.
LeaderLog == \A i \in Server : role[i] = Leader => log[i] = termLog[currentTerm[i]]

\* An AppendEntries is a slice of its term's log. Rests on: LeaderLog, and a term's log only grows.
AppendMsg == \A m \in Sent("AppendEntries") :
                 /\ m.term \in Led
                 /\ m.prevLogIndex + Len(m.entries) <= Len(termLog[m.term])
                 /\ m.prevLogTerm = TermAt(termLog[m.term], m.prevLogIndex)
                 /\ \A k \in DOMAIN m.entries : m.entries[k] = termLog[m.term][m.prevLogIndex + k]

----------------------------------------------------------------------------
\* Acknowledgements.

\* What is acknowledged was in the term's log, and whoever did was then in that term. Rests on: AppendMsg.
AckBound == \A m \in Sent("AppendEntriesResponse") : m.success =>
                m.term \in Led /\ m.term <= currentTerm[m.from] /\ m.matchIndex <= Len(termLog[m.term])

\* Until it leaves the term, a server holds all that it acknowledged in it. Rests on: AppendMsg, LogTerms.
AckNow == \A j \in Server : currentTerm[j] \in Led =>
              \A k \in DOMAIN termLog[currentTerm[j]] :
                  Acked(currentTerm[j], j, k) => Agree(log[j], termLog[currentTerm[j]], k)

\* A leader believes of others only what they said. Rests on: no answer is counted in another term.
MatchAcked == \A i, j \in Server : role[i] = Leader /\ matchIndex[i][j] > 0 =>
                  Acked(currentTerm[i], j, matchIndex[i][j])

\* An acknowledged entry stays, but for a later leader that lacks it. Rests on: AppendMsg, LogTerms, TermLogTerms.
AckKept == \A t \in Led : \A k \in DOMAIN termLog[t] : termLog[t][k].term = t =>
               \A j \in Server : Acked(t, j, k) => Has(log[j], t, k) \/ LostBy(currentTerm[j], t, k)

\* A vote goes to a log that has what the voter acknowledged, but for a leader in between that lacks it.
\* Rests on: AckKept, AskLog, LogTerms; HandleRequestVote compares last entries.
VoteUpToDate == \A b \in Ballots : role[b[3]] = Candidate /\ currentTerm[b[3]] = b[1] =>
                    \A t \in Led : \A k \in DOMAIN termLog[t] : t < b[1] /\ termLog[t][k].term = t =>
                        (Acked(t, b[2], k) => Has(log[b[3]], t, k) \/ LostBy(b[1], t, k))

\* The heart: if a later leader lacks an entry of a term, a majority had moved on without acknowledging
\* it, and never will. Rests on: VoteUpToDate for the votes it got; AckBound and LeaderVotes for new entries.
LaterLeaders == \A t, u \in Led : \A k \in DOMAIN termLog[t] :
                    t < u /\ termLog[t][k].term = t /\ ~Has(termLog[u], t, k) =>
                        IsMajority({j \in Server : t < currentTerm[j] /\ ~Acked(t, j, k)})

----------------------------------------------------------------------------
\* Commitment.

\* What a server takes for committed is in the log of a term that has a chosen entry at or after it.
\* Rests on: LeaderCommits (so MatchAcked) for leaders; AppendMsgCommit, ChosenKept, AppendMsg and
\* AckNow after the step for followers; ChosenStays.
CommitCert == \A i \in Server : commitIndex[i] = 0 \/
                  \E t \in Led : \E k \in DOMAIN termLog[t] :
                      /\ Chosen(t, k) /\ t <= currentTerm[i]
                      /\ commitIndex[i] <= k /\ Agree(log[i], termLog[t], commitIndex[i])

\* What a message says is committed is so. Rests on: CommitCert of its sender.
AppendMsgCommit == \A m \in Sent("AppendEntries") : m.leaderCommit = 0 \/
                       \E t \in Led : \E k \in DOMAIN termLog[t] :
                           Chosen(t, k) /\ t <= m.term /\ m.leaderCommit <= k

\* The history of commitment is never behind a server. Rests on: it follows the longest.
CommittedLen == \A i \in Server : commitIndex[i] <= Len(committed)

\* What was committed is in the log of a term that has a chosen entry at or after it. Rests on: CommitCert.
CommittedCert == \A p \in DOMAIN committed :
                     \E t \in Led : \E k \in DOMAIN termLog[t] :
                         /\ Chosen(t, k) /\ t <= committed[p].term
                         /\ p <= k /\ committed[p].entry = termLog[t][p]

----------------------------------------------------------------------------
IndInv ==
    /\ TypeOK /\ MessagesOK /\ HistoryOK
    /\ BallotTerm /\ OneBallot /\ BallotNow /\ VotesCounted /\ AskMsg /\ AskLog
    /\ LeaderVotes /\ LeaderLed /\ CandidateNotLed /\ LedElected
    /\ LogTerms /\ TermLogTerms /\ LeaderLog /\ AppendMsg
    /\ AckBound /\ AckNow /\ MatchAcked /\ AckKept /\ VoteUpToDate /\ LaterLeaders
    /\ CommitCert /\ AppendMsgCommit /\ CommittedLen /\ CommittedCert

----------------------------------------------------------------------------
\* What follows from the invariant in one state, and helps to show that steps keep it.

\* Once chosen, an entry is in the log of every later leader. Rests on: LaterLeaders; two majorities meet.
ChosenKept == \A t, u \in Led : \A k \in DOMAIN termLog[t] :
                  t <= u /\ Chosen(t, k) => Agree(termLog[t], termLog[u], k)

\* A log at least as up to date as one with an entry of term t at k has it, or its last term's leader
\* lacks it. Rests on: LogTerms, TermLogTerms.
UpToDate == \A v, c \in Server : \A k \in DOMAIN log[v] :
                (\/ LastTerm(log[c]) > LastTerm(log[v])
                 \/ LastTerm(log[c]) = LastTerm(log[v]) /\ Len(log[c]) >= Len(log[v])) =>
                    LET t == log[v][k].term
                    IN Has(log[c], t, k) \/ (t < LastTerm(log[c]) /\ ~Has(termLog[LastTerm(log[c])], t, k))

----------------------------------------------------------------------------
\* What holds of every step. (A model checks each as [][...]_proofVars.)

\* Server i leads, and did not in this term before.
IsElected(i) == role'[i] = Leader /\ (role[i] # Leader \/ currentTerm'[i] # currentTerm[i])

\* A leader is new only in a term that had none. Rests on: LeaderVotes, OneBallot; two majorities meet.
NewLeader == \A i \in Server : IsElected(i) => currentTerm'[i] \notin Led

\* The log of a term only grows. Rests on: LeaderLog, since a leader only appends; NewLeader.
TermLogGrows == \A t \in Led : t \in Led' /\ Agree(termLog[t], termLog'[t], Len(termLog[t]))

\* It changes only with the log of the term's leader, or with the leader. Rests on: LeaderLog, LeaderLed.
TermLogWritten == \A t \in Led' :
                      \/ t \in Led /\ termLog'[t] = termLog[t]
                      \/ \E i \in Server : /\ role'[i] = Leader /\ currentTerm'[i] = t /\ termLog'[t] = log'[i]
                                            /\ (IsElected(i) \/ log'[i] # log[i])

\* What is newly acknowledged is held. Rests on: AppendMsg, and the consistency check with LogTerms.
NewAcks == \A m \in messages' : m.type = "AppendEntriesResponse" /\ m.success =>
                 m \in messages \/ Agree(log'[m.from], termLog[m.term], m.matchIndex)

\* The heart, when a leader is elected: what its log lacks, a majority did not acknowledge, and never will.
\* Rests on: VoteUpToDate for the votes it got, or LaterLeaders if a leader in between lacks it too.
NewLeaderLacks ==
    \A i \in Server : IsElected(i) =>
          \A t \in Led : \A k \in DOMAIN termLog[t] :
              t < currentTerm'[i] /\ termLog[t][k].term = t /\ ~Has(log'[i], t, k) =>
                  IsMajority({j \in Server : t < currentTerm'[j] /\ ~Acked(t, j, k)})

\* What is chosen stays so. Rests on: no message is taken back, TermLogGrows.
ChosenStays == \A t \in Led : \A k \in DOMAIN termLog[t] : Chosen(t, k) => Chosen(t, k)'

\* A leader commits what is chosen. Rests on: MatchAcked, LeaderLog; LeaderCommit counts entries of its term only.
LeaderCommits == \A i \in Server : role'[i] = Leader /\ commitIndex'[i] # commitIndex[i] =>
                       Chosen(currentTerm[i], commitIndex[i])'

\* What is newly committed is so for some server. Rests on: the history follows the longest.
CommittedAdded == \A p \in DOMAIN committed' :
                        \/ p \in DOMAIN committed /\ committed'[p] = committed[p]
                        \/ \E i \in Server : /\ p <= commitIndex'[i] /\ committed'[p].entry = log'[i][p]
                                              /\ committed'[p].term = currentTerm'[i]

----------------------------------------------------------------------------
\* What the models check besides.

\* NewLeader, as a property of runs.
LeadersAreNew == [][NewLeader]_proofVars

\* A leader's last entry is of its own term: it begins with its no-op. Safety does not need it, so
\* the proof does not use it.
TermLogOwn == \A u \in Led : Has(termLog[u], u, Len(termLog[u]))
=============================================================================
