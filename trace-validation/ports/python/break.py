#!/usr/bin/env python3
"""Breaks the port: prints raft.py with one of the known ways to get Raft wrong planted in it.

    python3 break.py                       lists them
    python3 break.py figure-8 > my_raft.py
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


def broken(bug, text):
    for edit in bug["edits"]:
        if text.count(edit["find"]) != 1:
            raise SystemExit(f"{bug['id']}: its text occurs {text.count(edit['find'])} times in raft.py, not once")
        text = text.replace(edit["find"], edit["replace"])
    return text


def main():
    bugs = {bug["id"]: bug for bug in json.loads((HERE / "broken.json").read_text())}
    if len(sys.argv) < 2:
        for bug in bugs.values():
            print(f"{bug['id']:24} {bug['about']}")
    elif sys.argv[1] in bugs:
        sys.stdout.write(broken(bugs[sys.argv[1]], (HERE / "raft.py").read_text()))
    else:
        raise SystemExit(f"no bug is called {sys.argv[1]}")


if __name__ == "__main__":
    main()
