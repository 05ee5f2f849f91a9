#!/usr/bin/env python3
"""Turns a state trace of etcd-io/raft into a checked-raft-trace, version 2.

    adapter.py IN OUT              one trace, in the order of IN
    adapter.py --per-node IN OUT   a trace a server, n1.ndjson and so on in the directory OUT, for validate --merge

IN is what etcd-io/raft writes when it is built with the tag with_tla. Nothing is added to it: an event of the trace is what
the log tells of one input. See README.md beside this file for which event becomes which.
"""

import argparse
import json
import os
import sys

ROLES = {
    "StateFollower": "Follower",
    "StatePreCandidate": "Follower",
    "StateCandidate": "Candidate",
    "StateLeader": "Leader",
}

# A node tells these before it has done anything else: its log of configuration entries is made there.
BOOT = {"InitState", "BecomeFollower", "ApplyConfChange"}

# These begin an input: the events of the node up to the next of them are what came of it.
INPUTS = {"BecomeCandidate", "InitState", "ChangeConf", "Ready", "ApplyConfChange", "ApplyEntries"}


def read(path):
    """The events of a log, each with its line."""
    events = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except ValueError:
                sys.exit(f"{path}:{number}: expected a JSON object, found something else")
            if isinstance(entry, dict) and entry.get("tag") == "trace":
                event = entry.get("event")
                if not isinstance(event, dict) or "nid" not in event or "state" not in event:
                    sys.exit(f'{path}:{number}: expected an event with "nid" and "state"')
                event["line"] = number
                events.append(event)
    if not events:
        sys.exit(f'{path}: expected events, lines with "tag":"trace"; found none')
    return events


class Input:
    """One input of a node: the event that begins it, those that follow from it, and the state after all."""

    def __init__(self, event):
        self.event = event
        self.then = []
        self.next = None

    def find(self, name):
        return next((event for event in self.then if event["name"] == name), None)

    def after(self):
        """An event that has the state after the input: the node's next, which is told before anything is done for it."""
        if self.next is None or self.next["name"] in ("BecomeCandidate", "InitState"):
            return self.then[-1] if self.then else None
        return self.next


def begins_input(event, before):
    name = event["name"]
    if name.startswith("Receive") or name in INPUTS:
        return True
    if name == "Replicate":
        # The one that a new leader tells is its no-op.
        return before is None or before["name"] != "BecomeLeader"
    return name == "SendAppendEntriesRequest"


def inputs(events):
    """The inputs of one node, by the line at which they begin."""
    found, current, before = {}, None, None
    for event in events:
        if begins_input(event, before):
            if current is not None:
                current.next = event
            current = found[event["line"]] = Input(event)
        elif current is not None:
            current.then.append(event)
        before = event
    return found


class Adapter:
    def __init__(self, events):
        self.events = events
        self.by_node = {}
        for event in events:
            self.by_node.setdefault(event["nid"], []).append(event)
        self.boot, self.boot_lines = self.bootstraps()
        self.voters = next((e["conf"][0] for e in events if e["line"] not in self.boot_lines and e["conf"][0]), [])
        self.inputs = {}
        for own in self.by_node.values():
            self.inputs.update(inputs([event for event in own if event["line"] not in self.boot_lines]))
        self.stopped = None

    def bootstraps(self):
        """The last event of each node's bootstrap, and the lines of all of them."""
        last, lines = {}, set()
        for node, own in self.by_node.items():
            for event in own:
                if event["name"] not in BOOT:
                    break
                last[node] = event
                lines.add(event["line"])
        return last, lines

    def header(self):
        initial = {}
        for node in self.voters:
            event = self.boot.get(node)
            if event is not None:
                state, length = event["state"], event["log"]
                initial["n" + node] = {
                    "currentTerm": state["term"],
                    "votedFor": vote(state),
                    "commitIndex": state["commit"],
                    "log": {"length": length, "lastTerm": self.boot_term(length)},
                }
        return {
            "format": "checked-raft-trace",
            "version": 2,
            "servers": ["n" + node for node in self.voters],
            "initial": initial,
            "about": {"made-by": "etcd/adapter.py"},
        }

    def boot_term(self, length):
        """The term of a bootstrap's entries, by the first message that names the last of them."""
        for event in self.events:
            message = event.get("msg")
            if length and message and message["index"] == length and message["logTerm"]:
                return message["logTerm"]
        return 1 if length else 0

    def run(self):
        """The events, each with the line that it comes from, up to the first change of voters."""
        for event in self.events:
            line, node = event["line"], event["nid"]
            if line in self.boot_lines:
                continue
            if node in self.voters and event["conf"][0] != self.voters or event["conf"][1]:
                self.stopped = (line, event["conf"])
                return
            if node not in self.voters or line not in self.inputs:
                continue
            message = event.get("msg")
            if message and not (message["from"] in self.voters and message["to"] in self.voters):
                continue
            told = self.told(self.inputs[line])
            if told is not None:
                yield line, {"event": told.pop("event"), "node": "n" + node, **told}

    def told(self, step):
        event = step.event
        name, message = event["name"], event.get("msg")
        state = self.state(step.after())
        if name == "BecomeCandidate":
            request = step.find("SendRequestVoteRequest")
            sent = vote_request(request["msg"]) if request else {}
            return {"event": "StartElection", "sent": sent, "state": self.state(event)}
        if name == "InitState":
            return {"event": "Restart", "state": self.state(event)}
        if name in ("Replicate", "ChangeConf"):
            return {"event": "Propose", "state": state}
        if name == "SendAppendEntriesRequest":
            if step.find("BecomeFollower"):
                sys.exit(f"line {event['line']}: a leader that steps down while it sends: not told so far")
            return send(message)
        if message is None:
            follower = step.find("BecomeFollower")
            return {"event": "StepDown", "state": self.state(follower)} if follower else None
        if message["from"] == message["to"]:
            return self.own_answer(step, state)
        if message["term"] and message["term"] < event["state"]["term"]:
            return {"event": "Ignore", "msg": {"type": kind(message), **received(message)}, "state": state}
        return self.handled(step, message, state)

    @staticmethod
    def own_answer(step, state):
        """A node answers itself once its disk has what it answers for."""
        if step.find("BecomeLeader"):
            return {"event": "Lead", "state": state}
        if state.get("commitIndex", 0) > step.event["state"]["commit"]:
            return {"event": "AdvanceCommitIndex", "state": state}
        return None

    def handled(self, step, message, state):
        name = step.event["name"]
        if name == "ReceiveRequestVoteRequest":
            reply = step.find("SendRequestVoteResponse")
            if reply is None:
                return {"event": "Ignore", "msg": {"type": kind(message), **received(message)}, "state": state}
            sent = {"term": reply["msg"]["term"], "voteGranted": not reply["msg"]["reject"]}
            return {"event": "HandleRequestVote", "msg": received(message), "sent": sent, "state": state}
        if name == "ReceiveRequestVoteResponse":
            return {"event": "HandleRequestVoteResponse", "msg": received(message), "state": state}
        if name == "ReceiveAppendEntriesRequest":
            event = "HandleHeartbeat" if message["type"] == "MsgHeartbeat" else "HandleAppendEntries"
            told = {"event": event, "msg": received(message)}
            reply = step.find("SendAppendEntriesResponse")
            if reply is not None:
                told["sent"] = answer(reply["msg"])
            return {**told, "state": state}
        if name == "ReceiveAppendEntriesResponse":
            return {"event": "HandleAppendEntriesResponse", "msg": received(message), "state": state}
        sys.exit(f"line {step.event['line']}: {name} of {message['type']}: not known")

    @staticmethod
    def state(event):
        if event is None:
            return {}
        return {
            "currentTerm": event["state"]["term"],
            "votedFor": vote(event["state"]),
            "role": ROLES[event["role"]],
            "commitIndex": event["state"]["commit"],
            "log": {"length": event["log"]},
        }


def vote(state):
    return None if state["vote"] == "0" else "n" + state["vote"]


def kind(message):
    return {
        "MsgVote": "RequestVote",
        "MsgVoteResp": "RequestVoteResponse",
        "MsgApp": "AppendEntries",
        "MsgSnap": "AppendEntries",
        "MsgHeartbeat": "Heartbeat",
        "MsgAppResp": "AppendEntriesResponse",
        "MsgHeartbeatResp": "AppendEntriesResponse",
    }[message["type"]]


def vote_request(message):
    return {"term": message["term"], "lastLogIndex": message["index"], "lastLogTerm": message["logTerm"]}


def answer(message):
    """An answer to a heartbeat claims nothing of the log."""
    if message["type"] == "MsgHeartbeatResp":
        return {"term": message["term"], "success": False, "matchIndex": 0}
    return {"term": message["term"], "success": not message["reject"], "matchIndex": message["index"]}


def body(message):
    """A message's fields, but for its servers."""
    if message["type"] == "MsgVote":
        return vote_request(message)
    if message["type"] == "MsgVoteResp":
        return {"term": message["term"], "voteGranted": not message["reject"]}
    if message["type"] == "MsgHeartbeat":
        return {"term": message["term"], "leaderCommit": message["commit"]}
    if message["type"] == "MsgSnap":
        # All up to an index, which is committed.
        return {
            "term": message["term"],
            "prevLogIndex": 0,
            "prevLogTerm": 0,
            "entries": {"length": message["index"], "lastTerm": message["logTerm"]},
            "leaderCommit": message["index"],
        }
    if message["type"] == "MsgApp":
        return {
            "term": message["term"],
            "prevLogIndex": message["index"],
            "prevLogTerm": message["logTerm"],
            "entries": {"length": message["entries"]},
            "leaderCommit": message["commit"],
        }
    return answer(message)


def received(message):
    return {"from": "n" + message["from"], "to": "n" + message["to"], **body(message)}


def send(message):
    event = "SendHeartbeat" if message["type"] == "MsgHeartbeat" else "SendAppendEntries"
    return {"event": event, "msg": {"to": "n" + message["to"], **body(message)}}


def write(path, header, events):
    with open(path, "w", encoding="utf-8") as out:
        for line in [header] + events:
            out.write(json.dumps(line, separators=(",", ":")) + "\n")


def main():
    parser = argparse.ArgumentParser(description="etcd-io/raft's state traces as checked-raft-traces")
    parser.add_argument("--per-node", action="store_true", help="a trace a server, in the directory OUT")
    parser.add_argument("--lines", action="store_true", help="also write OUT.lines: which line of IN each event is of")
    parser.add_argument("IN")
    parser.add_argument("OUT")
    args = parser.parse_args()
    try:
        adapter = Adapter(read(args.IN))
        told = list(adapter.run())
        header = adapter.header()
        if args.per_node:
            os.makedirs(args.OUT, exist_ok=True)
            for server in header["servers"]:
                own = [event for _, event in told if event["node"] == server]
                write(os.path.join(args.OUT, server + ".ndjson"), header, own)
        else:
            write(args.OUT, header, [event for _, event in told])
            if args.lines:
                with open(args.OUT + ".lines", "w", encoding="utf-8") as out:
                    out.writelines(f"{k + 2} {line}\n" for k, (line, _) in enumerate(told))
    except OSError as problem:
        sys.exit(f"{problem.filename}: {problem.strerror}")
    if adapter.stopped:
        line, voters = adapter.stopped
        print(f"{len(told)} events, up to line {line}, where the voters change to {voters}", file=sys.stderr)
    else:
        print(f"{len(told)} events, to the end", file=sys.stderr)


if __name__ == "__main__":
    main()
