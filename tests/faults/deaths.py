# SPDX-License-Identifier: MIT
"""Deaths, interruptions and sleep: of whom, and when.

kill       a side of a pair, or both, at any moment
interrupt  SIGINT to the group of a role, SIGTERM to its first process, at any moment
children   each child of a role, at five of its calls
stopped    a side of a pair stands still for a while, and the other goes on, or dies
late       a consumer comes when its producer is dead, and bytes are under way
"""

import re
import signal
import time

import roles
from calls import FAR, NEVER, call_name, call_number, without_twins
from trial import KILL_LIMIT, LIMIT, UNTRIED, Pair, Solo, judge, last_line, left_wrong, statuses_wrong

NOTICE = 2  # seconds until somebody says that a peer has died, or a parent that a child has
DIE = 1  # seconds until a signal has ended everybody
KILL_SIZES = {"signal": 30_000, "udp": 200_000}  # so much that a moment in the middle is likely
KILL_SIZE = 8_000_000


# ---- kill: pair, victim, order, part of the usual time ----

def plan_kill(random_source, moments):
    for pair in roles.PAIRS:
        for _ in range(moments):
            yield ["kill", pair, random_source.choice(("producer", "consumer", "both")),
                   random_source.choice(("producer", "consumer")), f"{random_source.random():.4f}"]


def usual(box, key, make):
    """(seconds, last line) of that where nothing disturbs it."""
    known = box.__dict__.setdefault("usual", {})
    if key not in known:
        trial = make()
        box.await_end(time.monotonic() + 60)
        lines = trial.sides()[-1].output().splitlines()
        known[key] = max(one.ended or one.began + 60 for one in trial.sides()) \
            - min(one.began for one in trial.sides()), words_of(lines[-1:])
        box.clear()
    return known[key]


def words_of(lines):
    """Without the figures, and what goes with them: 1.5K"""
    return [re.findall(rb"[A-Za-z]{2,}", line) for line in lines]


def new_pair(box, pair, order, **how):
    size = KILL_SIZES.get(pair, KILL_SIZE)
    trial = Pair(box, pair, order, size=size, **how)
    trial.start(order)
    trial.start("consumer" if order == "producer" else "producer")
    return trial


def in_time(box, start, seconds):
    """Starts it, waits so long; sooner, if it has ended by then. None: it is too short for that."""
    for _ in range(6):
        trial = start()
        box.await_end(time.monotonic() + seconds, trial.sides())
        if any(one.status is None for one in trial.sides()):
            return trial
        box.clear()
        seconds /= 2
    return None


def run_kill(box, pair, victim, order, part):
    seconds, _ = usual(box, ("pair", pair), lambda: new_pair(box, pair, "consumer"))
    trial = in_time(box, lambda: new_pair(box, pair, order), float(part) * seconds)
    if trial is None:
        return UNTRIED
    dead = [one for one in trial.sides() if victim in (one.name, "both")]
    for one in dead:
        one.kill(signal.SIGKILL)
    # nobody read from it, as far as a producer knows that gets EPIPE
    allowed = (0, 1, 3) if pair in ("pipe", "fifo") and victim == "consumer" else (0, 3)
    # who waits for a peer that has never come does so for a second
    result = judge(box, NOTICE + 1, lambda: [
        *statuses_wrong(trial, allowed, [(one, signal.SIGKILL) for one in dead]), *trial.output_wrong()])
    box.remove_half_made_semaphores()
    result["wrong"] += left_wrong(box, pair, killed=True)
    return result


# ---- interrupt: role, signal, part of the usual time ----

def plan_interrupt(random_source, solos, moments):
    for role in solos:
        for name, count in (("SIGINT", moments), ("SIGTERM", (moments + 3) // 4)):
            for i in range(count):
                part = (i + random_source.random()) / count
                yield ["interrupt", role.replace(" ", ":"), name, f"{part:.4f}"]


def run_interrupt(box, target, name, part):
    role, number = target.replace(":", " "), getattr(signal, name)
    seconds, last = usual(box, target, lambda: Solo(box, role))
    trial = in_time(box, lambda: Solo(box, role), float(part) * seconds)
    if trial is None:
        return UNTRIED
    trial.one.kill(number, group=name == "SIGINT")

    def wrong():
        got = trial.one.exit()
        is_over = got == 0 and words_of(trial.one.output().splitlines()[-1:]) == last
        if got != 128 + number and not is_over:  # over, when the signal came
            yield f"exit {got}, not by {name}: {last_line(trial.one)}"

    result = judge(box, DIE, wrong)
    result["wrong"] += left_wrong(box, role)
    return result


# ---- children: role, process, call, which of them; as a case of calls.py, judged as what it is ----

# A child whose death is the lesson, or changes nothing that the lesson shows: 0 is right as well.
DEATH_IS_LESSON = {
    "ipc-fork:zombie": "where SIGCHLD is ignored, nobody is told how a child ended",
}
REPORTED = ("ipc-fork:parent",)  # exit 1, and the report says which copy was killed


def plan_children(target, calls, threads, killed, names):
    """Each child of the program, where it makes its first call, its last, and three in between."""
    if not roles.is_narrated(target.replace(":", " ")) and target not in REPORTED:
        return  # a COMMAND's death is in the exit status
    for path in without_twins(calls):
        if path == "0" or path in threads or path.count(".") > 1 or path in killed:
            continue
        made = [call_name(names, number) for number in calls[path]]
        places = [i for i, name in enumerate(made[:FAR]) if name not in NEVER]
        for i in sorted({places[len(places) * part // 4 - (part == 4)] for part in range(5)}) \
                if places else ():
            yield ["children", target, path, made[i], str(made[:i + 1].count(made[i]))]


def run_children(box, target, path, name, n):
    role = target.replace(":", " ")
    trial = Solo(box, role, (path, call_number(box.numbers, name), n, "s9"))
    wanted = (1,) if target in REPORTED else (0, 3) if target in DEATH_IS_LESSON else (3,)

    def wrong():
        got = trial.one.exit()
        if got not in wanted:
            yield f"exit {got}, not {wanted[-1]}: {last_line(trial.one)}"
        elif got != 0 and not trial.one.text().strip():
            yield f"exit {got} without a word"

    result = judge(box, LIMIT, wrong, trial.log)
    log = trial.log()
    fault = [float(words[1]) for words in log if words[0] == "fault"]
    if not fault:
        return UNTRIED
    took = max(float(words[3]) for words in log if words[0] == "end") - fault[0]
    if not result["wrong"] and took > NOTICE:
        result = {"tried": True, "wrong": [f"ends {took:.2f} s after the child"], "slow": True}
    result["wrong"] += left_wrong(box, role, killed=True)
    return result


# ---- stopped: pair, who stands still, order, what then, part ----

def plan_stopped(random_source, moments):
    for pair in roles.PAIRS:
        for who in ("producer", "consumer"):
            for then in ("goes-on", "SIGKILL", "SIGTERM"):
                for _ in range(moments):
                    yield ["stopped", pair, who, random_source.choice(("producer", "consumer")), then,
                           f"{random_source.random():.4f}"]


def run_stopped(box, pair, who, order, then, part):
    """The other one goes on for half a second, or gets a signal then; then who stood still goes on."""
    size = roles.SIGNAL_INPUT_SIZE if pair == "signal" else roles.INPUT_SIZE
    make = lambda: Pair(box, pair, order, size=size, timeout="5")
    seconds = 0.02  # a transfer of that size, once both are there
    trial = in_time(box, lambda: started(make()), float(part) * seconds)
    if trial is None:
        return UNTRIED
    stopped, other = getattr(trial, who), trial.producer if who == "consumer" else trial.consumer
    if stopped.status is not None:
        return UNTRIED
    stopped.kill(signal.SIGSTOP)
    box.await_end(time.monotonic() + 0.5, [other])
    victims = []
    if then != "goes-on" and other.status is None:
        number = getattr(signal, then)
        other.kill(number)
        victims = [(other, number)]
        box.await_end(time.monotonic() + 0.1, [other])
    stopped.kill(signal.SIGCONT)
    allowed = [0] if then == "goes-on" else [0, 3]
    if pair == "udp" or pair in ("pipe", "fifo") and then != "goes-on":
        allowed += [1, 3]  # lost datagrams; EPIPE
    result = judge(box, LIMIT, lambda: [*statuses_wrong(trial, allowed, victims), *trial.output_wrong()])
    result["wrong"] += left_wrong(box, pair, killed=then == "SIGKILL")
    return result


def started(trial):
    trial.start_both()
    return trial


# ---- late: pair, signal, seconds that the producer had for itself ----

def plan_late(random_source, moments):
    for pair in roles.PAIRS:
        for name in ("SIGKILL", "SIGTERM"):
            for _ in range(moments):
                yield ["late", pair, name, f"{random_source.random() * 0.3:.4f}"]


def run_late(box, pair, name, seconds):
    trial = Pair(box, pair, "producer", size=KILL_SIZES.get(pair, KILL_SIZE), timeout="0.5")
    producer = trial.start("producer")
    box.await_end(time.monotonic() + float(seconds), [producer])
    number = getattr(signal, name)
    producer.kill(number)
    box.await_end(time.monotonic() + KILL_LIMIT, [producer])
    trial.start("consumer")
    result = judge(box, NOTICE + 1, lambda: [*statuses_wrong(trial, (0, 3), [(producer, number)]),
                                             *trial.output_wrong()])
    result["wrong"] += left_wrong(box, pair, killed=name == "SIGKILL")
    return result
