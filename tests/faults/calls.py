# SPDX-License-Identifier: MIT
"""Every system call of every role: it fails, is interrupted, or is where a signal comes."""

import collections
import errno
import os
import signal
import subprocess
import time

import roles
from errnos import AFTERWARDS, ERRNOS, HARMLESS, KINDS, SHORT
from trial import KILL_LIMIT, LIMIT, UNTRIED, Pair, Solo, judge, left_wrong, statuses_wrong

FIRST, LAST = 5, 2  # of the calls of one kind, that many are tried
FAR, TOO_MANY = 2000, 20_000  # calls: to stop at each of more takes too long
NEVER = ("exit", "exit_group", "rt_sigreturn", "restart_syscall")
REMOVALS = ("unlink", "mq_unlink")
RUN_COMMANDS = ("ipc-pipe:duplex", "ipc-semaphore:run", "ipc-signal:catch")  # and exit as env(1) does


def call_numbers():
    """{"read": 0, ...}, as the compiler knows it."""
    text = subprocess.run(["cc", "-dM", "-E", "-include", "sys/syscall.h", "-"], input="",
                          check=True, text=True, capture_output=True).stdout
    words = (line.split() for line in text.splitlines() if line.startswith("#define __NR_"))
    return {word[1].removeprefix("__NR_"): int(word[2]) for word in words if word[2].isdigit()}


def call_name(names, number):
    call, kind = number.split(".")
    name = names.get(int(call), call)
    kinds = KINDS.get(name, {})
    kind = int(kind)
    return f"{name}.{kinds.get(kind, kind)}" if kind in kinds or kind else name


def call_number(numbers, name):
    call, _, kind = name.partition(".")
    known = {word: number for number, word in KINDS.get(call, {}).items()}
    return f"{numbers[call]}.{known.get(kind, kind) or 0}"


def targets(binaries):
    """Who is profiled, as the words that begin a case."""
    solos, _ = roles.solo_roles(binaries)
    found = [[role.replace(" ", ":"), "-"] for role in solos]
    for pair in roles.PAIRS:
        for side in ("producer", "consumer"):
            for order in (side,) if pair == "pipe" else ("producer", "consumer"):
                found.append([pair, f"{side},{order}-first"])
    return found


def begin(box, target, which, fault=None, profile=False):
    if target in roles.PAIRS:
        side, order = which.split(",")
        trial = Pair(box, target, order.removesuffix("-first"), fault, side, profile)
        trial.start_both()
        return trial
    return Solo(box, target.replace(":", " "), fault, profile)


def profile(box, target, which):
    """The calls of each process, in order: {"0": ["fcntl", ...], "0.1": ...}; and the seconds."""
    began = time.monotonic()
    trial = begin(box, target, which, profile=True)
    if not box.await_end(time.monotonic() + 60):
        raise RuntimeError(f"{target} {which} never ends under inject: {box.kill_all()}")
    calls = {}
    log = trial.log()
    for words in log:
        if words[0] == "call":
            calls.setdefault(words[1], []).append(words[2])
    return {"calls": calls, "threads": [words[1] for words in log if words[0] == "thread"],
            "killed": [words[1] for words in log if words[0] == "end" and os.WIFSIGNALED(int(words[2]))],
            "seconds": time.monotonic() - began,
            "exits": [one.exit() for one in trial.sides()]}


def without_twins(calls):
    """Of siblings that do the same, the first and the last are enough."""
    groups = {}
    for path, made in calls.items():
        parent = path.rpartition(".")[0]
        groups.setdefault((parent, tuple(sorted(set(made)))), []).append(path)
    return [path for group in groups.values() for path in dict.fromkeys((group[0], group[-1]))]


def faults_of(name):
    call = name.partition(".")[0]
    yield "SIGKILL"
    yield "SIGTERM"
    yield from ERRNOS.get(name, "").split()
    if call in SHORT:
        yield "short"


def plan(target, which, calls, names):
    """The cases of one target, of whose processes we know the calls."""
    everywhere = collections.Counter(number for made in calls.values() for number in made)
    for path in without_twins(calls):
        made = [call_name(names, number) for number in calls[path]]
        number_of = dict(zip(made, calls[path]))
        for name in dict.fromkeys(made):
            if name in NEVER or everywhere[number_of[name]] > TOO_MANY:
                continue
            count = made.count(name)
            last = range(max(1, count - LAST + 1), count + 1) if count <= FAR else ()
            for n in sorted({*range(1, min(count, FIRST) + 1), *last}):
                for fault in faults_of(name):
                    if fault.startswith("SIG") and name in HARMLESS and n not in (1, count):
                        continue
                    yield ["calls", target, which, path, name, str(n), fault]


def fault_word(name, fault):
    if fault.startswith("SIG"):
        return f"s{getattr(signal, fault).value}"
    if fault == "short":
        return fault
    return f"{'r' if name in AFTERWARDS else 'e'}{getattr(errno, fault)}"


def process_of(path, log):
    """A signal to a thread is one to its process."""
    while ["thread", path] in log:
        path = path.rpartition(".")[0]
    return path


def allowed_statuses(trial, target, path, name, fault):
    """What a side may exit with, and which of them may die by which signal."""
    allowed, victims = [0, 1, 3], []
    is_signal = fault.startswith("SIG")
    if target in RUN_COMMANDS:
        allowed += [125, 126, 127] + ([128 + getattr(signal, fault)] if is_signal else [])
    if is_signal and process_of(path, trial.log()) == "0":
        victim = getattr(trial, trial.side) if target in roles.PAIRS else trial.one
        victims = [(victim, getattr(signal, fault).value)]
    if fault == "EPIPE" and name == "write" and target not in roles.PAIRS:
        victims = [(trial.one, signal.SIGPIPE.value)]  # what is shown ends so where nobody looks
    return allowed, victims


def run(box, target, which, path, name, n, fault):
    number = call_number(box.numbers, name)
    trial = begin(box, target, which, (path, number, n, fault_word(name, fault)))

    def wrong():
        yield from statuses_wrong(trial, *allowed_statuses(trial, target, path, name, fault))
        yield from trial.output_wrong()

    result = judge(box, KILL_LIMIT if fault == "SIGKILL" else LIMIT, wrong, trial.log)
    if not any(words[0] == "fault" for words in trial.log()):
        return UNTRIED if "never ends" not in "".join(result["wrong"]) else result
    # what cannot be removed stays; what is said to be gone is not removed
    removals_fail = name in REMOVALS and not fault.startswith("SIG") or fault == "EIDRM"
    result["wrong"] += left_wrong(box, trial.name, fault == "SIGKILL", removals_fail)
    return result
