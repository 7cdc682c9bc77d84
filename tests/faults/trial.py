# SPDX-License-Identifier: MIT
"""How a role or a pair is run in a box, and what must be true afterwards."""

import os
import threading
import time

import roles
from box import HOME, SHIMS

LIMIT, KILL_LIMIT, LONGER = 10, 4, 20  # seconds: they catch "never", not "slow"
STEPS_LIMIT = 60  # until the call comes that is to fail: each one before it stops, too
BIN = "/tmp/bin"
DATA = {}  # input by size


def data(size):
    if size not in DATA:
        state, block = 12345, bytearray()
        while len(block) < size:  # the same in every run, and no part like another
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            block += state.to_bytes(8, "little")
        DATA[size] = bytes(block[:size])
    return DATA[size]


class Feeder(threading.Thread):
    """Writes all of it into a pipe, until it is read or nobody is there; may pause in between."""

    def __init__(self, content, pause_at=None):
        super().__init__(daemon=True)
        self.read_end, self.write_end = os.pipe()
        os.set_inheritable(self.write_end, False)
        self.content, self.pause_at, self.resume = memoryview(content), pause_at, threading.Event()

    def run(self):
        try:
            sent = 0
            while sent < len(self.content):
                if self.pause_at is not None and sent >= self.pause_at:
                    self.resume.wait(30)
                    self.pause_at = None
                stop = len(self.content) if self.pause_at is None else self.pause_at
                sent += os.write(self.write_end, self.content[sent:min(stop, sent + 65536)])
        except OSError:
            pass  # EPIPE: its reader has ended
        finally:
            os.close(self.write_end)

    def begin(self):
        self.start()
        os.close(self.read_end)


def injection(name, fault):
    """The words before a command that make a call of it fail; fault: (process, call, n, what)."""
    return [f"{SHIMS}/inject", f"{HOME}/{name}.log", *fault]


class Solo:
    def __init__(self, box, role, fault=None, profile=False, environment=None):
        self.name = role
        program, name = role.split()
        for file in (roles.INPUT, "other"):
            with open(file, "wb") as content:
                content.write(data(roles.INPUT_SIZE))
        command = [f"{BIN}/{program}", name, *roles.ARGUMENTS.get(role, [])]
        if fault or profile:
            command = injection("solo", fault or ()) + command
        stdin = None
        if role in roles.STDIN:
            stdin = "stdin"
            with open(stdin, "wb") as content:
                content.write(roles.STDIN[role])
        self.one = box.start("solo", command, stdin=stdin, environment=environment)

    def log(self):
        with open(f"{HOME}/solo.log") as lines:
            return [line.split() for line in lines]

    def sides(self):
        return [self.one]

    def output_wrong(self):
        if self.name not in roles.CARRIES_INPUT:
            return
        content, got = data(roles.INPUT_SIZE), self.one.output()
        if not content.startswith(got):
            yield f"the output ({len(got)} bytes) is no prefix of the input"
        elif self.one.exit() == 0 and got != content:
            yield f"exit 0 after {len(got)} of {len(content)} bytes"


class Pair:
    """order: which side comes first. side: which one has the fault."""

    def __init__(self, box, pair, order="producer", fault=None, side=None, profile=False, size=None,
                 fed=None, environment=None, bins=(BIN, BIN), timeout="1", pause_at=None):
        self.box, self.name, self.order, self.side = box, pair, order, side
        program, options = roles.PAIRS[pair]
        self.size = size or (roles.SIGNAL_INPUT_SIZE if pair == "signal" else roles.INPUT_SIZE)
        self.content = data(self.size)
        self.environment = environment or {}
        if pair != "pipe":
            options = options + ["--timeout", timeout]
        with open(roles.INPUT, "wb") as content:
            content.write(self.content)
        # fed from a pipe, or from a file: what it does differs
        self.feeder = None
        if fed if fed is not None else order == "producer":
            self.feeder = Feeder(self.content, pause_at)
        self.commands = {}
        for name, folder in zip(("producer", "consumer"), bins):
            command = [f"{folder}/{program}", name, *options]
            if name == "producer" and self.feeder is None:
                command.append(roles.INPUT)
            if side == name and (fault or profile):
                command = injection(name, fault or ()) + command
            self.commands[name] = command
        self.producer = self.consumer = None
        self.pipe = os.pipe() if pair == "pipe" else (None, None)

    def start(self, name):
        how = {"environment": self.environment.get(name)}
        if name == "producer":
            if self.feeder:
                how["stdin"] = self.feeder.read_end
            how["stdout"] = self.pipe[1]
            self.producer = self.box.start(name, self.commands[name], **how)
            if self.feeder:
                self.feeder.begin()
        else:
            how["stdin"] = self.pipe[0]
            self.consumer = self.box.start(name, self.commands[name], **how)
        end = self.pipe[1 if name == "producer" else 0]
        if end is not None:
            os.close(end)
        return getattr(self, name)

    def start_both(self):
        """The second when the first has joined, or has ended, or seems to do neither."""
        first = self.start(self.order)
        self.await_joined(first)
        self.start("consumer" if self.order == "producer" else "producer")

    def await_joined(self, first):
        if self.name != "pipe":
            self.box.await_true(lambda: first.status is not None or b"waiting for" in first.text(),
                                time.monotonic() + 0.5)

    def log(self):
        with open(f"{HOME}/{self.side}.log") as lines:
            return [line.split() for line in lines]

    def sides(self):
        return [self.producer, self.consumer]

    def output_wrong(self, prefix=True):
        """What is wrong with what came out, and with who says that it is all."""
        got = self.consumer.output()
        if prefix and self.name != "udp" and not self.content.startswith(got):
            yield f"the output ({len(got)} bytes) is no prefix of the input"
        elif got != self.content:
            for one in self.sides():
                if self.name == "pipe" and one is self.consumer and not got:
                    continue  # a producer that ended before it told of itself: `true | ipc-pipe consumer`
                if one.exit() == 0 and not (one is self.producer and self.name in roles.UNCONFIRMED):
                    yield f"the {one.name} exits 0 after {len(got)} of {self.size} bytes"


def statuses_wrong(trial, allowed=(0, 1, 3), victims=()):
    """victims: (side, signal), which may also die by that."""
    for one in trial.sides():
        got = one.exit()
        if got is None:
            yield f"{one.name}: lives after the time limit"
        elif got not in allowed and (one, got - 128) not in victims:
            yield f"{one.name}: exit {got}: {last_line(one)}"
        elif got in (1, 3) and not one.text().strip():
            yield f"{one.name}: exit {got} without a word"


def last_line(one):
    lines = one.text().decode(errors="replace").splitlines()
    return " / ".join(line for line in lines[-2:]) if lines else ""


def good_run(box, pair_or_role):
    """What somebody does who comes next: what is wrong with it."""
    if pair_or_role in roles.PAIRS:
        again = Pair(box, pair_or_role, order="consumer", timeout="10")
        again.start_both()
    else:
        again = Solo(box, pair_or_role)
    if not box.await_end(time.monotonic() + LIMIT + LONGER):
        box.kill_all()
        return [f"one more run: {one.name} never ends" for one in again.sides()
                if one.status is None] or ["one more run: a child never ends"]
    return [f"one more run: {one.name} exits {one.exit()}: {last_line(one)}"
            for one in again.sides() if one.exit() != 0]


def left_wrong(box, name, killed=False, removals_fail=False):
    """What is left; after a SIGKILL, after one more run."""
    keeper = roles.KEEPS.get(name)
    if keeper and box.left():
        box.start("keeper", [f"{BIN}/{keeper[0]}", *keeper[1:]])
        box.await_end(time.monotonic() + LIMIT)
    left = box.left()
    wrong = []
    if killed:
        box.remove_half_made_semaphores()
        if left:
            wrong = good_run(box, name)
            if keeper:
                box.start("keeper", [f"{BIN}/{keeper[0]}", *keeper[1:]])
                box.await_end(time.monotonic() + LIMIT)
            left = box.left()
    if removals_fail:
        left = []
    return wrong + ([f"left behind: {', '.join(left)}"] if left else [])


UNTRIED = {"tried": False, "wrong": [], "slow": False}


def judge(box, limit, wrong, log=None):
    """Waits until nothing lives; then wrong() says what is wrong. What does not end even in a longer
    time hangs, and that counts at once; what ends in it was slow, and is tried once more. log: of
    inject; the time runs from the fault on."""
    began = time.monotonic()
    while log and not box.await_end(time.monotonic() + 1) and time.monotonic() < began + STEPS_LIMIT:
        fault = [float(words[1]) for words in log() if words[0] == "fault"]
        if fault:
            began = fault[0]
            break
    if box.await_end(began + limit):
        return {"tried": True, "wrong": list(wrong()), "slow": False}
    if box.await_end(began + limit + LONGER):
        return {"tried": True, "wrong": [f"ends after {time.monotonic() - began:.1f} s"], "slow": True}
    return {"tried": True, "wrong": [f"never ends: {', '.join(box.kill_all())}"], "slow": False}
