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

\* The event to explain, a record: event and node, as in the trace; observes, the
\* header's set of fields that are reported whenever they change; msg, sent, state,
\* records of what is known, with fewer fields where less is known; hasSent, whether
\* the trace tells that something was sent; value, in a Propose.
VARIABLE event

traceVars == <<vars, event>>

i == event.node

----------------------------------------------------------------------------
\* Which action an event is.

\* Whether a message has all that is known of it.
Agrees(m, known) ==
    \A field \in DOMAIN known :
        IF field \in DOMAIN m THEN m[field] = known[field] ELSE FALSE

\* The messages that this event may have handled.
Candidates(type) == {m \in messages : m.type = type /\ m.to = i /\ Agrees(m, event.msg)}

\* The values that a parameter of SendAppendEntries may have had.
OneOf(field, all) == IF field \in DOMAIN event.msg THEN {event.msg[field]} ELSE all

EventStep ==
    CASE event.event = "StartElection" ->
             StartElection(i)
      [] event.event = "HandleRequestVote" ->
             \E m \in Candidates("RequestVote") : HandleRequestVote(i, m)
      [] event.event = "HandleRequestVoteResponse" ->
             \E m \in Candidates("RequestVoteResponse") : HandleRequestVoteResponse(i, m)
      [] event.event = "Propose" ->
             event.value # NoOp /\ Propose(i, event.value)
      [] event.event = "SendAppendEntries" ->
             \E j \in Server \cap OneOf("to", Server) :
             \E prevLogIndex \in OneOf("prevLogIndex", 0..Len(log[i])) :
             \E count \in IF "entries" \in DOMAIN event.msg
                          THEN {Len(event.msg.entries)}
                          ELSE 0..(Len(log[i]) - prevLogIndex) :
             \E leaderCommit \in OneOf("leaderCommit", 0..commitIndex[i]) :
                 SendAppendEntries(i, j, prevLogIndex, count, leaderCommit)
      [] event.event = "HandleAppendEntries" ->
             \E m \in Candidates("AppendEntries") : HandleAppendEntries(i, m)
      [] event.event = "HandleAppendEntriesResponse" ->
             \E m \in Candidates("AppendEntriesResponse") : HandleAppendEntriesResponse(i, m)
      [] event.event = "Restart" ->
             Restart(i)

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

\* What the messages of the step have in common; for SendAppendEntries, all of it.
SameSent ==
    LET new == messages' \ messages
    IN CASE event.event = "SendAppendEntries" -> \A m \in new : Agrees(m, event.msg)
         [] event.hasSent -> new # {} /\ \A m \in new : Agrees(m, event.sent)
         [] OTHER -> TRUE

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
TraceInit == Init /\ event = "none"

\* The step that explains the event.
TraceNext == EventStep /\ Observed /\ UNCHANGED event

\* The step that the event names, whatever it reports: what the spec would allow.
FreeStep == EventStep /\ UNCHANGED event
=============================================================================
