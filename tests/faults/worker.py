"""Sits in a box and tries the cases that the driver sends, a line of JSON each."""

import json
import os
import sys
import traceback

import box as boxes
import calls
import trial

TABLES = {"calls": calls.run}


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
            result = {"tried": True, "wrong": [traceback.format_exc()], "late": False}
        box.clear()
        replies.write(json.dumps(result) + "\n")


main()
