# SPDX-License-Identifier: MIT
"""Other builds of the same programs, below the build's own folder: 32 bits, another version, asan."""

import os
import re
import shutil
import subprocess

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
# what other layouts are told by; the numbers may be any others
CONSTANTS = (re.compile(r"(MAGIC = 0x)1"), r"\g<1>7"), (re.compile(r"(VERSION = )\d"), r"\g<1>7")

SETTINGS = {
    "m32": ["-DCMAKE_C_FLAGS=-m32 -idirafter /usr/include/x86_64-linux-gnu"],
    "version": [],
    "asan": ["-DCMAKE_BUILD_TYPE=Debug", "-DIPC_SANITIZE=address,undefined"],
}


def copy_with_other_constants(folder):
    changed = 0
    for name in ("CMakeLists.txt", "cmake", "completions", "src", "include"):
        path = os.path.join(SOURCE, name)
        if os.path.isfile(path):
            copy = os.path.join(folder, name)
            os.makedirs(folder, exist_ok=True)
            shutil.copy2(path, copy)
            continue
        for parent, _, files in os.walk(path):
            into = os.path.join(folder, os.path.relpath(parent, SOURCE))
            os.makedirs(into, exist_ok=True)
            for file in files:
                with open(os.path.join(parent, file)) as text:
                    before = after = text.read()
                for pattern, replacement in CONSTANTS:
                    after = pattern.sub(replacement, after)
                changed += after != before
                copy = os.path.join(into, file)
                if not os.path.exists(copy) or open(copy).read() != after:
                    with open(copy, "w") as text:
                        text.write(after)
    if changed == 0:
        raise RuntimeError("no constant in src says which version this is")


def make(which, below):
    """Returns its folder; None, and says so, where it cannot be built here."""
    folder, source = os.path.join(below, which), SOURCE
    if which == "version":
        source = os.path.join(below, "version-source")
        copy_with_other_constants(source)
    for command in (["cmake", "-S", source, "-B", folder, "-DBUILD_TESTING=OFF", *SETTINGS[which]],
                    ["cmake", "--build", folder, "-j", str(os.cpu_count() or 1)]):
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            print(f"{which} cannot be built here:\n{done.stdout[-2000:]}", flush=True)
            return None
    return folder
