# SPDX-License-Identifier: MIT
"""The world is not as it seems: the clock is ahead, memory is short, and so is every count.

clock        the time of day is an hour ahead when a wait begins, and the peer is killed, or never comes
allocations  the nth allocation fails
short        every read and write moves half of what it is asked for
"""

import os
import signal
import time

import roles
from trial import LIMIT, SHIMS, UNTRIED, Pair, Solo, judge, left_wrong, statuses_wrong

NOTICE = 2


def preload(shim, **more):
    return {"LD_PRELOAD": f"{SHIMS}/{shim}.so", **more}


# ---- clock ----

def plan_clock(solos):
    for pair in roles.PAIRS:
        for side in ("producer", "consumer"):
            if pair != "pipe":
                yield ["clock", pair, f"{side}-alone"]
            for n in range(3):
                yield ["clock", pair, f"{side}-killed", str(n)]
    for role in solos:
        yield ["clock", role.replace(" ", ":"), "-"]


def run_clock(box, target, what, n=None):
    environment = preload("clock")
    if target not in roles.PAIRS:
        trial = Solo(box, target.replace(":", " "), environment=environment)
        return with_left(box, trial, judge(box, LIMIT, lambda: statuses_wrong(trial, (0,))))
    who, what = what.split("-")
    both = {"producer": environment, "consumer": environment}
    if what == "alone":
        trial = Pair(box, target, environment=both, timeout="0.5")
        one = trial.start(who)
        return with_left(box, trial, judge(box, 0.5 + NOTICE, lambda: [] if one.exit() == 3 else [
            f"{who}: exit {one.exit()}, not 3"]))
    # a producer in the middle of its input is killed while its consumer sleeps; a consumer that
    # stands still is killed when its producer sleeps since all is full
    size = roles.SIGNAL_INPUT_SIZE if target == "signal" else 12_000_000
    trial = Pair(box, target, size=size, fed=True, environment=both, timeout="5",
                 pause_at=size // 2 if who == "producer" else None)
    trial.start_both()
    victim = getattr(trial, who)
    box.await_true(lambda: trial.consumer.status is not None or os.path.getsize(trial.consumer.out),
                   time.monotonic() + 5)
    if who == "consumer" and victim.status is None:
        victim.kill(signal.SIGSTOP)
    box.await_end(time.monotonic() + 0.3, trial.sides())
    if victim.status is not None:
        trial.feeder.resume.set()
        return UNTRIED
    victim.kill(signal.SIGKILL)
    allowed = (0, 1, 3) if target == "pipe" else (0, 3)
    result = judge(box, NOTICE, lambda: [*statuses_wrong(trial, allowed, [(victim, signal.SIGKILL)]),
                                         *trial.output_wrong()])
    trial.feeder.resume.set()
    return with_left(box, trial, result, killed=True)


def with_left(box, trial, result, killed=False):
    result["wrong"] += left_wrong(box, trial.name, killed)
    return result


# ---- allocations and short counts ----

FAILED = "failed"  # a file that the shim makes


def plan_allocations(targets):
    for target, which in targets:
        for n in (*range(1, 13), 16, 20, 25, 30, 40, 50):
            yield ["allocations", target, which, str(n)]


def plan_short(targets):
    for target, which in targets:
        yield ["short", target, which]


def begin(box, target, which, environment):
    if target in roles.PAIRS:
        side, order = which.split(",")
        trial = Pair(box, target, order.removesuffix("-first"), environment={side: environment})
        trial.start_both()
        return trial
    return Solo(box, target.replace(":", " "), environment=environment)


def run_allocations(box, target, which, n):
    if os.path.exists(FAILED):
        os.unlink(FAILED)
    trial = begin(box, target, which, preload("allocations", FAIL_ALLOCATION=n, ALLOCATION_FAILED=FAILED))
    result = judge(box, LIMIT, lambda: [*statuses_wrong(trial, (0, 1, 3, 125, 126)), *trial.output_wrong()])
    return {**with_left(box, trial, result), "tried": os.path.exists(FAILED)}


def run_short(box, target, which):
    trial = begin(box, target, which, preload("short"))
    return with_left(box, trial, judge(box, LIMIT, lambda: [*statuses_wrong(trial, (0,)),
                                                           *trial.output_wrong()]))
