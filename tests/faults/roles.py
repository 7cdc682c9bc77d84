# SPDX-License-Identifier: MIT
"""What is tried: every role that the programs' --help lists, and how each is run.

A role that is new in the help and no lesson must get a line here; the driver fails otherwise.
"""

import re
import subprocess

PROGRAMS = [f"ipc-{name}" for name in
            "fork pipe fifo signal semaphore msgqueue shm mmap socket".split()]

INPUT = "input"  # a file of INPUT_SIZE bytes in the box
INPUT_SIZE = 200_000
SIGNAL_INPUT_SIZE = 3_000  # each byte is a signal, or more

# what a role that needs more than its name is called with
ARGUMENTS = {
    "ipc-fork parent": ["-n", "3", "--", "true"],
    "ipc-pipe parent": [INPUT],
    "ipc-pipe child": [INPUT],
    "ipc-pipe duplex": [INPUT, "--", "cat"],
    "ipc-semaphore run": ["--slots", "2", "--timeout", "5", "--", "true"],
    "ipc-mmap view": [INPUT, "10", "100"],
    "ipc-mmap edit": ["other", "10", "-"],
    "ipc-signal catch": ["--", "true"],
    **{f"ipc-{name} list": ["--json"]
       for name in "fifo signal semaphore msgqueue shm mmap socket".split()},
    # in few calls: each stops
    "ipc-fork bench": ["--size", "1K", "--count", "5"],
    "ipc-signal bench": ["--count", "20", "--bytes", "1K", "--wait", "block", "--cpus", "same"],
    "ipc-semaphore bench": ["--count", "20", "--wait", "block", "--cpus", "same"],
    **{f"ipc-{name} bench": ["--size", "1K", "--count", "20", "--bytes", "64K", "--wait", "block",
                             "--cpus", "same"]
       for name in "pipe fifo msgqueue shm mmap socket".split()},
}
STDIN = {"ipc-mmap lookup": b"3\n70\n-1\n", "ipc-mmap edit": b"words"}
CARRIES_INPUT = ("ipc-pipe parent", "ipc-pipe child", "ipc-pipe duplex")

# kept until this is called: the contract says so
KEEPS = {"ipc-semaphore run": ["ipc-semaphore", "remove", "-q"]}

# roles that are not run by themselves, and why
ELSEWHERE = {
    "producer": "one of a pair",
    "consumer": "one of a pair",
    "client": "the producer of a pair is one",
    "server": "the consumer of a pair is one",
    "user1": "ends when its user does",
    "user2": "ends when its user does",
    "stat": "only looks, at what is not there",
    "remove": "has nothing to remove; it ends the cases of `run`",
}

# pair: program, options, and how much is sent
PAIRS = {
    "pipe": ("ipc-pipe", []),
    "fifo": ("ipc-fifo", []),
    "signal": ("ipc-signal", []),
    "semaphore-posix": ("ipc-semaphore", ["--api", "posix"]),
    "semaphore-sysv": ("ipc-semaphore", ["--api", "sysv"]),
    "msgqueue-sysv": ("ipc-msgqueue", ["--api", "sysv"]),
    "msgqueue-posix": ("ipc-msgqueue", ["--api", "posix"]),
    "shm-sysv": ("ipc-shm", ["--api", "sysv"]),
    "shm-posix": ("ipc-shm", ["--api", "posix"]),
    "mmap": ("ipc-mmap", []),
    "tcp": ("ipc-socket", []),
    "unix": ("ipc-socket", ["--unix"]),
    "udp": ("ipc-socket", ["--udp"]),
}
UNCONFIRMED = ("msgqueue-sysv", "msgqueue-posix")  # a producer does not wait for its consumer


def from_help(binaries):
    """{"ipc-pipe eof": group}, of all roles of all programs, where the group is of the help."""
    found = {}
    for program in PROGRAMS:
        text = subprocess.run([f"{binaries}/{program}", "--help"], check=True, text=True,
                              capture_output=True).stdout
        for line in text.splitlines():
            if re.match(r"[a-z ]+ it$", line):
                group = line
            elif match := re.match(r"  ([a-z0-9]+) +[a-zA-Z]", line):
                found[f"{program} {match[1]}"] = group
    return found


def solo_roles(binaries):
    """Those that are run by themselves; and what is known of none of them."""
    solos, unknown = [], []
    for role, group in from_help(binaries).items():
        name = role.split()[1]
        if name in ELSEWHERE:
            continue
        if group in ("understand it", "measure it") or name == "demo" or role in ARGUMENTS \
                or role in STDIN or role == "ipc-fork child":
            solos.append(role)
        else:
            unknown.append(role)
    return solos, unknown


def is_narrated(role):
    """A demo, a lesson or a bench: no tool."""
    return role not in ARGUMENTS and role not in STDIN and role != "ipc-fork child" \
        or role.endswith(" bench")
