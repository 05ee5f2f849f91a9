#!/usr/bin/env python3
"""Runs the vectors (trace-validation/vectors/*.jsonl) on a port that speaks the protocol.

    python3 run_vectors.py [-v] [COMMAND ARG...]      default: python3 raft.py, beside this file

A vector is one node's life: inputs, and what each must be answered with. Everything must be equal but for two things,
which are a port's own business: the words of an error, and which AppendEntries a leader sends. Those need only be slices
of its log. For a port without the protocol, read this as the recipe: vectors are plain JSON.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent.parent / "vectors"


class Differs(Exception):
    pass


class Expected:
    """What the vector says of the node's durable state, so that AppendEntries can be looked up in its log."""

    def __init__(self, durable):
        self.log = list(durable["log"])

    def take(self, answer):
        change = answer.get("persist", {}).get("log")
        if change:
            self.log[change["from"] - 1 :] = change["entries"]

    def has_sent_rightly(self, m, node, state):
        prev, count = m["prevLogIndex"], len(m["entries"])
        prev_term = 0 if prev == 0 else self.log[prev - 1]["term"] if prev <= len(self.log) else None
        return (
            m["from"] == node
            and m["term"] == state["currentTerm"]
            and state["role"] == "Leader"
            and m["prevLogTerm"] == prev_term
            and m["entries"] == self.log[prev : prev + count]
            and m["leaderCommit"] <= state["commitIndex"]
        )


def is_append(message):
    return message["type"] == "AppendEntries"


def in_order(messages):
    return sorted((m for m in messages if not is_append(m)), key=lambda m: json.dumps(m, sort_keys=True))


def compare(node, log, expected, actual):
    if "error" in expected:
        if "error" not in actual:
            raise Differs(f"must be refused with an error, not answered {json.dumps(actual)}")
        return
    if "error" in actual:
        raise Differs(f"must not be refused: {actual['error']}")
    log.take(expected)
    for field, without in (("action", None), ("persist", {}), ("apply", None)):
        if actual.get(field, without) != expected.get(field, without):
            raise Differs(f"{field} must be {json.dumps(expected.get(field, without))}, not "
                          f"{json.dumps(actual.get(field, without))}")
    for field, value in actual.get("state", {}).items():
        if field == "log":
            continue  # a change of it: persist has it too
        if field in ("votesGranted", "votesRefused"):
            value = sorted(value)
        if value != expected["state"][field]:
            raise Differs(f"state.{field} must be {json.dumps(expected['state'][field])}, not {json.dumps(value)}")
    want, have = in_order(expected.get("send", [])), in_order(actual.get("send", []))
    if want != have:
        raise Differs(f"must send {json.dumps(want)}, not {json.dumps(have)}")
    for message in filter(is_append, actual.get("send", [])):
        if not log.has_sent_rightly(message, node, expected["state"]):
            raise Differs(f"sends what is no slice of its log: {json.dumps(message)}")


def run(vector, ask):
    node, log = None, None
    for number, step in enumerate(vector["steps"], 1):
        if "start" in step["in"]:
            start = step["in"]["start"]
            node, log = start["id"], Expected(start["durable"])
        try:
            compare(node, log, step["out"], ask(step["in"]))
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
        header, *vectors = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
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
