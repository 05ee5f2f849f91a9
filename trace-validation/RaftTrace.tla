------------------------------ MODULE RaftTrace ------------------------------
(***************************************************************************)
(* A trace is a behavior of Raft: each event of the trace is a step of the *)
(* spec that agrees with everything the event reports. This module says    *)
(* which event is which action, and which fields are compared.             *)
(*                                                                         *)
(* The trace's format is in FORMAT.md. Its events are evaluated one by one *)
(* (dev.checkedraft.replay), each bound to the variable event.             *)
(*                                                                         *)
(*   Raft.tla               trace               Java (dev.checkedraft.core) *)
(*   ---------------------  ------------------  -------------------------- *)
(*   an action's name       event               Action.label()             *)
(*   i, a parameter         node                RaftNode.id()              *)
(*   m, a handler's         msg                 Message, one record a kind *)
(*   the message sent by    msg                 Message.AppendEntries      *)
(*     SendAppendEntries                                                   *)
(*   messages' \ messages   sent                Ready.messages()           *)
(*   value, of Propose      value               RaftNode.propose(value)    *)
(*   currentTerm[i]         state.currentTerm   RaftNode.currentTerm()     *)
(*   votedFor[i]            state.votedFor      RaftNode.votedFor()        *)
(*     Nil                    null                null                     *)
(*   role[i]                state.role          RaftNode.role()            *)
(*   commitIndex[i]         state.commitIndex   RaftNode.commitIndex()     *)
(*   votesGranted[i]        state.votesGranted  RaftNode.votesGranted()    *)
(*   votesRefused[i]        state.votesRefused  RaftNode.votesRefused()    *)
(*   matchIndex[i][j]       state.matchIndex.j  RaftNode.matchIndex(j)     *)
(*   log[i]                 state.log           LogChange                  *)
(*     NoOp                   ""                  Entry.NO_OP              *)
(***************************************************************************)
EXTENDS Raft

\* The event to explain, a record: event, node and value, as in the trace; msg, sent and
\* state, records of what is known, with fewer fields where less is known; hasSent,
\* whether the trace tells of messages sent; isWhole, whether msg is all of the message
\* that was sent; observes, the header's set of fields that are
\* reported whenever they change.
VARIABLE event

\* What is on each server's disk, as AnyRaft.tla has it. Raft.tla's own log always is.
VARIABLE stored

traceVars == <<vars, event, stored>>

CONSTANTS ElectionQuorum, CommitQuorum  \* as in AnyRaft.tla

\* Any Raft, of which Raft.tla is one: what other people's are judged by. The arguments
\* of its actions are found by dev.checkedraft.judge.
AnyRaft == INSTANCE AnyRaft

i == event.node

----------------------------------------------------------------------------
\* Which action an event is: the step of event X is XStep.

\* Whether a message has all that is known of it.
Agrees(m, known) ==
    LET fields == DOMAIN m
    IN \A field \in DOMAIN known :
           IF field \in fields THEN m[field] = known[field] ELSE FALSE

\* The messages that this event may have handled.
Candidates(type) == {m \in messages : m.type = type /\ m.to = i /\ Agrees(m, event.msg)}

\* The values that a parameter of SendAppendEntries may have had.
OneOf(field, all) == IF field \in DOMAIN event.msg THEN {event.msg[field]} ELSE all

StartElectionStep             == StartElection(i)
HandleRequestVoteStep         == \E m \in Candidates("RequestVote") : HandleRequestVote(i, m)
HandleRequestVoteResponseStep ==
    \E m \in Candidates("RequestVoteResponse") : HandleRequestVoteResponse(i, m)
ProposeStep                   == event.value # NoOp /\ Propose(i, event.value)
SendAppendEntriesStep         ==
    IF event.isWhole
    THEN /\ event.msg.to \in Server
         /\ SendAppendEntries(i, event.msg.to, event.msg.prevLogIndex, Len(event.msg.entries),
                              event.msg.leaderCommit)
    ELSE \E j \in Server \cap OneOf("to", Server) :
         \E prevLogIndex \in OneOf("prevLogIndex", 0..Len(log[i])) :
         \E count \in IF "entries" \in DOMAIN event.msg
                      THEN {Len(event.msg.entries)}
                      ELSE 0..(Len(log[i]) - prevLogIndex) :
         \E leaderCommit \in OneOf("leaderCommit", 0..commitIndex[i]) :
             SendAppendEntries(i, j, prevLogIndex, count, leaderCommit)
HandleAppendEntriesStep       == \E m \in Candidates("AppendEntries") : HandleAppendEntries(i, m)
HandleAppendEntriesResponseStep ==
    \E m \in Candidates("AppendEntriesResponse") : HandleAppendEntriesResponse(i, m)
RestartStep                   == Restart(i)

EventStep ==
    CASE event.event = "StartElection"               -> StartElectionStep
      [] event.event = "HandleRequestVote"           -> HandleRequestVoteStep
      [] event.event = "HandleRequestVoteResponse"   -> HandleRequestVoteResponseStep
      [] event.event = "Propose"                     -> ProposeStep
      [] event.event = "SendAppendEntries"           -> SendAppendEntriesStep
      [] event.event = "HandleAppendEntries"         -> HandleAppendEntriesStep
      [] event.event = "HandleAppendEntriesResponse" -> HandleAppendEntriesResponseStep
      [] event.event = "Restart"                     -> RestartStep

\* LeaderCommit of Raft.tla, for logs of any length: what a majority holds ends where
\* some server's match ends, or, alone in its cluster, where the log does; and terms only
\* grow along a log, so that before an entry of an older term there is none to commit.
LeaderCommitByMatch(leader, term, entries, match) ==
    LET Holders(index) == {leader} \cup {j \in Server \ {leader} : match[j] >= index}
        committable == {index \in {match[j] : j \in Server} \cup {Len(entries)} :
                            IF index > commitIndex[leader]
                            THEN entries[index].term = term /\ IsMajority(Holders(index))
                            ELSE FALSE}
    IN IF committable = {}
       THEN commitIndex[leader]
       ELSE CHOOSE index \in committable : \A other \in committable : index >= other

----------------------------------------------------------------------------
\* Which fields are compared, and how. Each looks at a step of the spec and at what
\* the event reports. A field that the event lacks was unchanged if the trace observes
\* it, and unknown if not.

Reports(field)  == field \in DOMAIN event.state
Observes(field) == field \in event.observes

SameTerm == IF Reports("currentTerm") THEN currentTerm'[i] = event.state.currentTerm
            ELSE Observes("currentTerm") => currentTerm'[i] = currentTerm[i]

SameVote == IF Reports("votedFor") THEN votedFor'[i] = event.state.votedFor
            ELSE Observes("votedFor") => votedFor'[i] = votedFor[i]

SameRole == IF Reports("role") THEN role'[i] = event.state.role
            ELSE Observes("role") => role'[i] = role[i]

SameCommit == IF Reports("commitIndex") THEN commitIndex'[i] = event.state.commitIndex
              ELSE Observes("commitIndex") => commitIndex'[i] = commitIndex[i]

SameGranted == IF Reports("votesGranted") THEN votesGranted'[i] = event.state.votesGranted
               ELSE Observes("votesGranted") => votesGranted'[i] = votesGranted[i]

SameRefused == IF Reports("votesRefused") THEN votesRefused'[i] = event.state.votesRefused
               ELSE Observes("votesRefused") => votesRefused'[i] = votesRefused[i]

\* Of matchIndex an event reports the servers for which it changed.
SameMatch ==
    IF Reports("matchIndex")
    THEN \A j \in Server :
             IF j \in DOMAIN event.state.matchIndex
             THEN matchIndex'[i][j] = event.state.matchIndex[j]
             ELSE Observes("matchIndex") => matchIndex'[i][j] = matchIndex[i][j]
    ELSE Observes("matchIndex") => matchIndex'[i] = matchIndex[i]

\* Of a log an event reports an index and everything from there on; all before is as
\* it was. (No cost grows with the log's length: logs share what they have in common,
\* and are compared only in what they do not share. See tlc2.value.impl.LogValue.)
SameLog ==
    IF Reports("log")
    THEN IF event.state.log.from <= Len(log[i]) + 1
         THEN log'[i] = SubSeq(log[i], 1, event.state.log.from - 1) \o event.state.log.entries
         ELSE FALSE
    ELSE Observes("log") => log'[i] = log[i]

\* What the messages of the step have in common; for SendAppendEntries, all of it. A
\* message that was sent before is not new: where messages has only what the event may
\* have handled, as in replay, that cannot hide anything.
SameSent ==
    LET new == messages' \ messages
        AllSent(known) == /\ \A m \in new : Agrees(m, known)
                          /\ \E m \in messages' : m.from = i /\ Agrees(m, known)
    IN CASE event.isWhole                     -> new \subseteq {event.msg} /\ event.msg \in messages'
         [] event.event = "SendAppendEntries" -> AllSent(event.msg)
         [] event.hasSent                     -> AllSent(event.sent)
         [] OTHER                             -> TRUE

Observed ==
    /\ SameTerm
    /\ SameVote
    /\ SameRole
    /\ SameCommit
    /\ SameGranted
    /\ SameRefused
    /\ SameMatch
    /\ SameLog
    /\ SameSent

----------------------------------------------------------------------------
TraceInit == Init /\ event = "none" /\ stored = log

TraceNext == EventStep /\ Observed /\ UNCHANGED <<event, stored>>
=============================================================================
