#!/usr/bin/env python3
"""Turns a state trace of hashicorp/raft into a checked-raft-trace, version 2.

    adapter.py IN OUT

IN has a JSON object a line: {"tag":"config","config":{"servers":[...]}}, then {"tag":"trace","event":{...}} for each event.
See README.md beside this file for which event becomes which.
"""

import argparse
import json
import sys

NO_EVENT = {"ProposeConfigChange"}


def read(path):
    """The servers, and the events, each with its line."""
    servers, events = None, []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if not isinstance(entry, dict):
                sys.exit(f"{path}:{number}: expected a JSON object, found something else")
            if entry.get("tag") == "config":
                servers = entry.get("config", {}).get("servers")
            elif entry.get("tag") == "trace":
                event = entry.get("event")
                if not isinstance(event, dict) or not {"name", "nid", "state"} <= event.keys():
                    sys.exit(f'{path}:{number}: expected an event with "name", "nid" and "state"')
                event["line"] = number
                events.append(event)
    if not servers or not events:
        sys.exit(f'{path}: expected the servers in a line with "tag":"config" and events; found none')
    return servers, events


class Adapter:
    def __init__(self, path, servers, events):
        self.path = path
        self.servers = servers
        self.events = [e for e in events if e["nid"] in servers]
        self.lengths = {server: 1 for server in servers}
        after = {}
        for event in reversed(self.events):
            event["next"] = after.get(event["nid"])
            after[event["nid"]] = event

    def header(self):
        """BootstrapCluster gives each server term 1 and a log of one configuration entry of that term."""
        start = {"currentTerm": 1, "log": {"length": 1, "lastTerm": 1}}
        return {
            "format": "checked-raft-trace",
            "version": 2,
            "servers": self.servers,
            "initial": {server: start for server in self.servers},
            "about": {"made-by": "hashicorp/adapter.py"},
        }

    def run(self):
        """The events, each with the line that it comes from."""
        for event in self.events:
            line, node, length = event["line"], event["nid"], event["state"]["lastLogIndex"]
            message = event.get("msg") or {}
            if any(message.get(end, node) not in self.servers for end in ("from", "to")):
                continue
            if event["state"]["role"] == "Leader":
                # A proposal has no event: the log has grown.
                while self.lengths[node] < length and event["name"] != "BecomeLeader":
                    self.lengths[node] += 1
                    state = {**self.state(event), "log": {"length": self.lengths[node]}}
                    yield line, {"event": "Propose", "node": node, "state": state}
            told = self.told(event, message)
            if told is not None:
                self.lengths[node] = told.get("state", {}).get("log", {}).get("length", self.lengths[node])
                yield line, {"event": told.pop("event"), "node": node, **told}

    def told(self, event, message):
        name, node, state = event["name"], event["nid"], self.state(event)
        if name == "BecomeCandidate":
            sent = {"term": event["state"]["term"], **self.last(event["state"])}
            return {"event": "StartElection", "sent": sent, "state": state}
        if name == "HandleRequestVoteRequest":
            msg = {"term": message["term"], "from": message["from"], "to": node, **self.last(message)}
            sent = {"term": event["state"]["term"], "voteGranted": message.get("voteGranted", False)}
            return {"event": "HandleRequestVote", "msg": msg, "sent": sent, "state": state}
        if name == "HandleRequestVoteResponse":
            return self.vote(event, message, state)
        if name in ("SendReplicateEntries", "SendHeartbeat"):
            return {"event": "SendAppendEntries", "msg": self.append(message, node, message["to"]), "state": state}
        if name == "HandleAppendEntriesRequest":
            msg = self.append(message, message["from"], node)
            success = message.get("success", False)
            covered = msg["prevLogIndex"] + msg["entries"]["length"] if success else 0
            sent = {"term": event["state"]["term"], "success": success, "matchIndex": covered}
            return {"event": "HandleAppendEntries", "msg": msg, "sent": sent, "state": state}
        if name in ("HandleReplicateResponse", "HandleHeartbeatResponse"):
            success = message.get("success", False)
            claims = success and name == "HandleReplicateResponse"
            index = message.get("matchIndex", 0) if claims else 0
            msg = {"term": message["term"], "from": message["from"], "to": node, "success": success, "matchIndex": index}
            return {"event": "HandleAppendEntriesResponse", "msg": msg, "state": state}
        if name == "AdvanceCommitIndex":
            return {"event": "AdvanceCommitIndex", "state": state}
        if name in NO_EVENT or name == "BecomeLeader":
            return None
        sys.exit(f"{self.path}:{event['line']}: the event {name} is not known")

    def vote(self, event, message, state):
        """A vote after which it leads is the one that made the majority."""
        following = event["next"]
        if following is not None and following["name"] == "BecomeLeader":
            state = {**state, "role": "Leader"}
        if message["from"] == event["nid"]:
            return {"event": "Lead", "state": state} if state["role"] == "Leader" else None
        granted = message.get("voteGranted", False)
        msg = {"term": message["term"], "from": message["from"], "to": event["nid"], "voteGranted": granted}
        return {"event": "HandleRequestVoteResponse", "msg": msg, "state": state}

    @staticmethod
    def append(message, sender, receiver):
        return {
            "term": message["term"],
            "from": sender,
            "to": receiver,
            "prevLogIndex": message.get("prevLogIndex", 0),
            "prevLogTerm": message.get("prevLogTerm", 0),
            "entries": {"length": message["entries"]},
            "leaderCommit": message.get("commitIndex", 0),
        }

    @staticmethod
    def last(fields):
        return {"lastLogIndex": fields.get("lastLogIndex", 0), "lastLogTerm": fields.get("lastLogTerm", 0)}

    @staticmethod
    def state(event):
        state = event["state"]
        return {
            "currentTerm": state["term"],
            "votedFor": state["votedFor"] or None,
            "role": state["role"],
            "commitIndex": state["commitIndex"],
            "log": {"length": state["lastLogIndex"]},
        }


def main():
    parser = argparse.ArgumentParser(description="hashicorp/raft's state traces as checked-raft-traces")
    parser.add_argument("--lines", action="store_true", help="also write OUT.lines: which line of IN each event is of")
    parser.add_argument("IN")
    parser.add_argument("OUT")
    args = parser.parse_args()
    try:
        adapter = Adapter(args.IN, *read(args.IN))
        told = list(adapter.run())
        with open(args.OUT, "w", encoding="utf-8") as out:
            for line in [adapter.header()] + [event for _, event in told]:
                out.write(json.dumps(line, separators=(",", ":")) + "\n")
        if args.lines:
            with open(args.OUT + ".lines", "w", encoding="utf-8") as out:
                out.writelines(f"{k + 2} {line}\n" for k, (line, _) in enumerate(told))
    except OSError as problem:
        sys.exit(f"{problem.filename}: {problem.strerror}")
    print(f"{len(told)} events", file=sys.stderr)


if __name__ == "__main__":
    main()
