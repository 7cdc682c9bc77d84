# SPDX-License-Identifier: MIT
"""What others write where our programs meet, and programs of ours that are not built alike.

words   a word of a shared header is another value all at once
builds  the other end of a pair was built for 32 bits, or from another version
"""

import ctypes
import mmap
import os
import re
import time

import roles
from box import libc, own_folder
from trial import BIN, LIMIT, UNTRIED, Pair, judge, last_line, statuses_wrong

RING_BYTES = 2 * 1024 * 1024  # what follows a ring's header
SLOTS_HEADER = 256  # more than the slots' header has
RECORD_HEADER = 160  # of the rendezvous: its numbers, and its first members

VALUES = {
    "0": lambda old: 0, "1": lambda old: 1, "plus1": lambda old: old + 1, "minus1": lambda old: old - 1,
    "inverted": lambda old: ~old, "half": lambda old: 0x7fffffff, "sign": lambda old: 0x80000000,
    "ones": lambda old: 0xffffffff, "words": lambda old: 0x20736177, "bit20": lambda old: old ^ 1 << 20,
}

# where it lies, and how many bytes of it are the header
SHARED = {
    "ring": {"shm-posix": "/dev/shm/ipc-demos-{uid}-shm-default", "shm-sysv": "sysv",
             "mmap": "{own}/mmap-default.ring"},
    "slots": {"semaphore-posix": "/dev/shm/ipc-demos-{uid}-semaphore-default.slots",
              "semaphore-sysv": "/dev/shm/ipc-demos-{uid}-semaphore-default.slots"},
    "record": {pair: "{own}/" + f"{program[4:]}-default.rendezvous" for pair, (program, _) in
               roles.PAIRS.items() if program in ("ipc-fifo", "ipc-signal", "ipc-semaphore",
                                                  "ipc-msgqueue", "ipc-shm", "ipc-mmap")},
}


class Segment:
    """The only System V segment here, as something to seek in."""

    def __init__(self):
        with open("/proc/sysvipc/shm") as table:
            words = table.readlines()[1].split()
        libc.shmat.restype = ctypes.c_void_p
        self.address, self.size = libc.shmat(int(words[1]), None, 0), int(words[3])

    def word(self, offset):
        return ctypes.c_uint32.from_address(self.address + offset)

    def close(self):
        libc.shmdt(ctypes.c_void_p(self.address))  # otherwise it would outlive its removal


class File:
    def __init__(self, path):
        with open(path, "r+b") as file:
            self.size = os.path.getsize(path)
            self.map = mmap.mmap(file.fileno(), 0)

    def word(self, offset):
        return ctypes.c_uint32.from_buffer(self.map, offset)

    def close(self):
        pass  # unmapped with its last word


def find(what, pair):
    path = SHARED[what][pair].format(uid=os.geteuid(), own=own_folder())
    return Segment() if path == "sysv" else File(path)


def header_size(what, shared):
    if what == "ring":
        return (shared.size - 1) % RING_BYTES + 1 if shared.size > RING_BYTES else shared.size
    return min(shared.size, SLOTS_HEADER if what == "slots" else RECORD_HEADER)


def plan_words(ask):
    """ask: of a box."""
    for what, pairs in SHARED.items():
        for pair in pairs:
            size = ask(["words", pair, what, "-4", "0", "alone"])["size"]
            for offset in range(0, size, 4):
                for value in VALUES:
                    for moment in ("alone", "amid"):
                        yield ["words", pair, what, str(offset), value, moment]


def run_words(box, pair, what, offset, value, moment):
    """alone: the producer waits for its consumer. amid: half of it is through."""
    size = roles.SIGNAL_INPUT_SIZE if pair == "signal" else roles.INPUT_SIZE
    trial = Pair(box, pair, size=size, fed=True, pause_at=size // 2)
    try:
        trial.start("producer")
        trial.await_joined(trial.producer)
        if moment == "amid":
            trial.start("consumer")
            box.await_true(lambda: trial.consumer.status is not None
                           or os.path.getsize(trial.consumer.out) >= size // 4, time.monotonic() + 2)
        shared = find(what, pair)
        try:
            if int(offset) < 0:
                return {"size": header_size(what, shared)}
            word = shared.word(int(offset))
            old = word.value
            word.value = VALUES[value](old) & 0xffffffff
            changed = word.value != old
        finally:
            shared.close()
        if moment == "alone":
            trial.start("consumer")
    except FileNotFoundError:
        return UNTRIED  # so slow that its producer gave up
    finally:
        trial.feeder.resume.set()
    # what is left is not judged: where the objects are is what was written over; and not what comes
    # out, unless somebody says that it is right
    result = judge(box, LIMIT, lambda: [*statuses_wrong(trial), *trial.output_wrong(prefix=False)])
    return {**result, "tried": changed}


# ---- builds ----

OTHERS = {"m32": "/tmp/bin-m32", "version": "/tmp/bin-version"}


def plan_builds(folders):
    for pair, (program, _) in roles.PAIRS.items():
        if program in ("ipc-shm", "ipc-mmap", "ipc-semaphore", "ipc-msgqueue", "ipc-fifo", "ipc-signal"):
            for other in (name for name in OTHERS if OTHERS[name] in folders):
                for who in ("producer", "consumer"):
                    for order in ("producer", "consumer"):
                        yield ["builds", pair, other, who, order]


def run_builds(box, pair, other, who, order):
    """who: the side of the other build. The second to come is to be refused by name."""
    bins = [OTHERS[other] if name == who else BIN for name in ("producer", "consumer")]
    trial = Pair(box, pair, order, bins=bins)
    trial.start_both()
    second = trial.consumer if order == "producer" else trial.producer

    def wrong():
        yield from statuses_wrong(trial, (1, 3))
        if second.exit() != 1 or not re.search(rb"version|built|build|bits", second.text()):
            yield f"{second.name}, the second: exit {second.exit()}: {last_line(second)}"
        if trial.consumer.output():
            yield "the consumer writes something"

    return judge(box, LIMIT, wrong)
