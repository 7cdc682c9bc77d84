# SPDX-License-Identifier: MIT
"""Sits in a box and tries the cases that the driver sends, a line of JSON each."""

import json
import os
import sys
import traceback

import box as boxes
import calls
import deaths
import fuzz
import hostile
import world

TABLES = {"calls": calls.run, "kill": deaths.run_kill, "interrupt": deaths.run_interrupt,
          "children": deaths.run_children, "stopped": deaths.run_stopped, "late": deaths.run_late,
          "clock": world.run_clock, "allocations": world.run_allocations, "short": world.run_short,
          "words": hostile.run_words, "builds": hostile.run_builds, "fuzz": fuzz.run}


def main():
    binaries = {}
    for pair in sys.argv[1:]:  # FOLDER-IN-THE-BOX=FOLDER
        inside, _, outside = pair.partition("=")
        for name in os.listdir(outside):
            path = os.path.join(outside, name)
            if os.path.isfile(path) and os.access(path, os.X_OK) and \
                    (name.startswith("ipc-") or inside.endswith("shims")):
                with open(path, "rb") as file:
                    binaries[f"{inside}/{name}"] = file.read()
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    box = boxes.Box()
    box.open(binaries)
    box.numbers = calls.call_numbers()
    replies.write('"ready"\n')
    for line in sys.stdin:
        case = json.loads(line)
        try:
            if case[0] == "profile":
                result = calls.profile(box, *case[1:])
            else:
                result = TABLES[case[0]](box, *case[1:])
        except Exception:  # a fault of ours: the case counts as wrong
            result = {"tried": True, "wrong": [traceback.format_exc()], "slow": False}
        box.clear()
        replies.write(json.dumps(result) + "\n")


main()
