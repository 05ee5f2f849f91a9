#!/usr/bin/env python3
"""Runs the vectors (trace-validation/vectors/*.jsonl) on a port that speaks the protocol.

    python3 run_vectors.py [-v] [COMMAND ARG...]      default: python3 raft.py, beside this file

A vector is one node's life: inputs, and what each must be answered with. What an answer does not say is not compared, but for
persist and send. Persist is compared by what is stored once it was taken in: only what changed, or all. A port's own business
are the words of an error, and which AppendEntries a leader sends: those need only be slices of its log. For a port without
the protocol, read this as the recipe: vectors are plain JSON.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent.parent / "vectors"


class Differs(Exception):
    pass


class Durable:
    """What is stored, by the vector or by the port."""

    def __init__(self, durable):
        self.currentTerm, self.votedFor, self.log = durable["currentTerm"], durable["votedFor"], list(durable["log"])

    def take(self, answer):
        persist = answer.get("persist", {})
        self.currentTerm = persist.get("currentTerm", self.currentTerm)
        self.votedFor = persist.get("votedFor", self.votedFor)
        if "log" in persist:
            self.log[persist["log"]["from"] - 1 :] = persist["log"]["entries"]


def is_slice(log, m, node, state):
    prev, count = m["prevLogIndex"], len(m["entries"])
    prev_term = 0 if prev == 0 else log[prev - 1]["term"] if prev <= len(log) else None
    return (
        m["from"] == node
        and m["term"] == state["currentTerm"]
        and state["role"] == "Leader"
        and m["prevLogTerm"] == prev_term
        and m["entries"] == log[prev : prev + count]
        and m["leaderCommit"] <= state["commitIndex"]
    )


def is_append(message):
    return message["type"] == "AppendEntries"


def in_order(messages):
    return sorted((m for m in messages if not is_append(m)), key=lambda m: json.dumps(m, sort_keys=True))


def compare(node, before, stored, expected, actual, kind):
    """Compares an answer; stored is what the vector and the port have stored."""
    if "error" in expected and "error" not in actual:
        if kind != "electionTimeout" or actual.get("action") or actual.get("send"):
            raise Differs(f"must be refused with an error, not answered {json.dumps(actual)}")
        expected = {"state": before}  # a leader may also ignore the end of its timeout
    elif "error" in expected:
        return before
    elif "error" in actual:
        raise Differs(f"must not be refused: {actual['error']}")
    wanted, told = stored
    wanted.take(expected)
    told.take(actual)
    for field, value in vars(wanted).items():
        if getattr(told, field) != value:
            raise Differs(f"{field} must be stored as {json.dumps(value)}, not {json.dumps(getattr(told, field))}")
    for field in ("action", "apply"):
        if field in actual and actual[field] != expected.get(field):
            raise Differs(f"{field} must be {json.dumps(expected.get(field))}, not {json.dumps(actual[field])}")
    for field, value in actual.get("state", {}).items():
        want = expected["state"].get(field)
        if field == "log":
            continue  # a change of it: persist has it too
        if field in ("votesGranted", "votesRefused"):
            value = sorted(value)
        if field == "matchIndex":  # of others, and only those it tells of
            value = {server: index for server, index in value.items() if server != node}
            want = {server: want.get(server) for server in value}
        if value != want:
            raise Differs(f"state.{field} must be {json.dumps(want)}, not {json.dumps(value)}")
    want, have = in_order(expected.get("send", [])), in_order(actual.get("send", []))
    if want != have:
        raise Differs(f"must send {json.dumps(want)}, not {json.dumps(have)}")
    for message in filter(is_append, actual.get("send", [])):
        if not is_slice(wanted.log, message, node, expected["state"]):
            raise Differs(f"sends what is no slice of its log: {json.dumps(message)}")
    return expected["state"]


def run(vector, ask):
    node, state, stored = None, None, None
    for number, step in enumerate(vector["steps"], 1):
        [kind] = step["in"]
        if kind == "start":
            start = step["in"]["start"]
            node, stored = start["id"], (Durable(start["durable"]), Durable(start["durable"]))
        try:
            state = compare(node, state, stored, step["out"], ask(step["in"]), kind)
        except Differs as difference:
            raise Differs(f"step {number}, {json.dumps(step['in'])}: {difference}") from None


class Port:
    def __init__(self, command):
        self.command = command
        self.process = None

    def ask(self, line):
        if "start" in line and not self.process:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            self.process.stdin.write(json.dumps(line) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (OSError, ValueError) as problem:
            self.stop()
            raise Differs(f"no answer: {problem}") from None

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


def main(arguments):
    verbose = arguments[:1] == ["-v"]
    command = arguments[verbose:] or [sys.executable, str(HERE / "raft.py")]
    port = Port(command)
    passed, failed = 0, 0
    for file in sorted(VECTORS.glob("*.jsonl")):
        header, *vectors = [json.loads(line) for line in file.read_text(encoding="utf-8").rstrip("\n").split("\n")]
        if header["format"] != "checked-raft-vectors" or header["version"] != 1:
            raise SystemExit(f"{file}: version {header['version']} of {header['format']} is not for this program")
        for vector in vectors:
            title = f"{header['action']}: {vector['vector']}"
            try:
                run(vector, port.ask)
                passed += 1
                if verbose:
                    print(f"ok    {title}")
            except Differs as difference:
                failed += 1
                print(f"FAILS {title}\n      {difference}")
                port.stop()  # the next vector begins in a process of its own
    port.stop()
    print(f"{passed} of {passed + failed} vectors pass")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
