#!/usr/bin/env python3
"""Turns the logs of a system that cannot be driven into traces: an example to start an adapter of one's own from.

    python3 adapter.py OUT other-logs/a.log other-logs/b.log other-logs/c.log
    ./raft validate --merge OUT/a.ndjson OUT/b.ndjson OUT/c.ndjson

The system logs one file a node, in words of its own, such as

    17 boot     term=1 vote=a last=2
    18 timer    term=2 vote=a role=candidate
    21 got      vote_reply from=b term=2 ok=1 | term=2 role=leader wal=3:2/
    22 sent     append to=b term=2 prev=2/1 ents=2/ commit=0
    30 client   value=x | term=2 role=leader wal=4:2/x

What an adapter has to know: which line is which action (section "Events" of FORMAT.md), that a no-op's value is "", and
where the state after it stands. What the log does not tell is left out, and is not checked: here the votes counted, and
matchIndex. The numbers in front are clocks of the nodes; --merge does not need them, since a message is received after
it was sent.
"""

import json
import pathlib
import sys

ROLES = {"follower": "Follower", "candidate": "Candidate", "leader": "Leader"}


def entries(text):
    """term/value,term/value: a value may be empty."""
    pairs = [item.split("/", 1) for item in text.split(",") if item]
    return [{"term": int(term), "value": value} for term, value in pairs]


def fields(words):
    return dict(word.split("=", 1) for word in words)


def position(text):
    index, term = text.split("/")
    return int(index), int(term)


def state(known):
    """The state that a line tells of, by the names of the spec."""
    result = {}
    if "term" in known:
        result["currentTerm"] = int(known["term"])
    if "vote" in known:
        result["votedFor"] = None if known["vote"] == "-" else known["vote"]
    if "role" in known:
        result["role"] = ROLES[known["role"]]
    if "commit" in known:
        result["commitIndex"] = int(known["commit"])
    if "wal" in known:
        first, text = known["wal"].split(":", 1)
        result["log"] = {"from": int(first), "entries": entries(text)}
    return result


def message(kind, sender, receiver, f):
    m = {"type": None, "term": int(f["term"]), "from": sender, "to": receiver}
    if kind == "vote":
        m["type"] = "RequestVote"
        m["lastLogIndex"], m["lastLogTerm"] = position(f["last"])
    elif kind == "vote_reply":
        m["type"] = "RequestVoteResponse"
        m["voteGranted"] = f["ok"] == "1"
    elif kind == "append":
        m["type"] = "AppendEntries"
        m["prevLogIndex"], m["prevLogTerm"] = position(f["prev"])
        m["entries"] = entries(f["ents"])
        m["leaderCommit"] = int(f["commit"])
    elif kind == "append_reply":
        m["type"] = "AppendEntriesResponse"
        m["success"] = f["ok"] == "1"
        m["matchIndex"] = int(f["match"])
    return m


def event(node, line):
    """The event that a line stands for; None if it stands for none."""
    before, _, after = line.partition("|")
    _clock, what, *words = before.split()
    known = fields(after.split())
    if what == "boot":
        return {"event": "Restart", "node": node, "state": {**state(fields(words)), "role": "Follower"}}
    if what == "timer":
        return {"event": "StartElection", "node": node, "state": state(fields(words))}
    if what == "client":
        return {"event": "Propose", "node": node, "value": fields(words)["value"], "state": state(known)}
    if what == "sent" and words[0] == "append":
        f = fields(words[1:])
        return {"event": "SendAppendEntries", "node": node, "msg": message("append", node, f["to"], f)}
    if what == "got":
        f = fields(words[1:])
        m = message(words[0], f["from"], node, f)
        result = {"event": "Handle" + m["type"], "node": node, "msg": m}
        if "reply" in known:  # what it answered: part of the step
            result["sent"] = {"voteGranted" if words[0] == "vote" else "success": known["reply"] == "1"}
        result["state"] = state(known)
        return result
    return None


def main(out, *logs):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    logs = [pathlib.Path(log) for log in logs]
    header = {
        "format": "checked-raft-trace",
        "version": 1,
        "servers": [log.stem for log in logs],
        # What the log tells of whenever it changes; only these may be left out of an event that did not change them.
        "observes": ["log"],
    }
    for log in logs:
        with open(out / f"{log.stem}.ndjson", "w", encoding="utf-8") as trace:
            trace.write(json.dumps(header) + "\n")
            for line in log.read_text(encoding="utf-8").splitlines():
                e = event(log.stem, line)
                if e:
                    trace.write(json.dumps(e) + "\n")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
