#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The driver: makes the cases, shares them out to boxes, and tells what was wrong.

    faults.py [-j N] [--seconds N] [--seed N] [--only PATTERN] [TABLE]...
    FAULT='calls ipc-pipe:eof - 0.1 read 2 EINTR' faults.py      replays one
    faults.py --replay LOG                                       replays all that LOG says were wrong
"""

import argparse
import fnmatch
import json
import os
import random
import subprocess
import sys
import threading
import time

import builds
import calls
import deaths
import fuzz
import hostile
import roles
import world

HERE = os.path.dirname(os.path.abspath(__file__))
AGAIN_MOST = 3  # what was slow, and did not hang, is tried once more, alone: that often
SKIP = 77


class Worker:
    """A box, and the process in it."""

    def __init__(self, folders):
        self.folders, self.process = folders, None

    def begin(self):
        # as an ordinary user: root of a user namespace of our own
        user = [] if os.geteuid() == 0 else ["-Ur"]
        self.process = subprocess.Popen(
            ["unshare", *user, "-imnp", "--fork", "--kill-child", "--mount-proc", sys.executable, "-B",
             f"{HERE}/worker.py", *[f"{inside}={outside}" for inside, outside in self.folders.items()]],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        return self.process.stdout.readline() == '"ready"\n'

    def ask(self, case):
        if self.process is None and not self.begin():
            raise RuntimeError("no box")
        self.process.stdin.write(json.dumps(case) + "\n")
        line = self.process.stdout.readline()
        if not line:
            self.end()
            return {"tried": True, "wrong": ["the box is gone"], "slow": False}
        return json.loads(line)

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


class Pool:
    def __init__(self, folders, jobs):
        self.workers = [Worker(folders) for _ in range(jobs)]

    def map(self, cases, take, seconds=None):
        """take(case, result) for each case, in the order in which they end. None begins after that time."""
        cases, lock = iter(cases), threading.Lock()
        deadline = time.monotonic() + seconds if seconds else None

        def work(worker):
            while True:
                with lock:
                    case = next(cases, None)
                if case is None or (deadline and time.monotonic() > deadline):
                    return
                result = worker.ask(case)
                with lock:
                    take(case, result)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in self.workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def end(self):
        for worker in self.workers:
            worker.end()


def why_not(folders):
    """Why nothing can be tried here, or None."""
    if os.uname().machine != "x86_64" or not os.path.exists(f"{folders['/tmp/shims']}/inject"):
        return "inject is built on x86-64 with glibc only"
    worker = Worker(folders)
    try:
        return None if worker.begin() else "the kernel refuses `unshare -imnp`"
    except FileNotFoundError as error:
        return str(error)
    finally:
        worker.end()


class Report:
    def __init__(self):
        self.began, self.tried, self.missed, self.wrong, self.again = time.monotonic(), {}, {}, [], []

    def take(self, case, result):
        counts = self.tried if result["tried"] else self.missed
        counts[case[0]] = counts.get(case[0], 0) + 1
        if result["wrong"]:
            (self.again if result["slow"] else self.wrong).append((case, result["wrong"]))
            if not result["slow"]:
                self.tell(case, result["wrong"])
        done = sum(self.tried.values()) + sum(self.missed.values())
        if done % 1000 == 0:
            print(f"{time.monotonic() - self.began:6.0f} s: {done} cases", flush=True)

    def tell(self, case, wrong):
        print(f"WRONG: FAULT='{' '.join(case)}': {'; '.join(wrong)}", flush=True)

    def try_again(self, pool):
        """Those that were slow, alone, when all others have ended."""
        for count, (case, wrong) in enumerate(self.again):
            if count < AGAIN_MOST:
                result = pool.workers[0].ask(case)
                verdict = "; ".join(result["wrong"]) or "in time now"
                print(f"once more, alone: FAULT='{' '.join(case)}': first {'; '.join(wrong)}; "
                      f"then {verdict}", flush=True)
                if not result["wrong"]:
                    continue
            self.wrong.append((case, wrong))
            self.tell(case, wrong)

    def end(self):
        for table in {**self.tried, **self.missed}:
            wrong = sum(case[0] == table for case, _ in self.wrong)
            print(f"{table}: {self.tried.get(table, 0)} tried, {wrong} wrong"
                  f" ({self.missed.get(table, 0)} more did not reach their call)")
        return 1 if self.wrong else 0


class Plans:
    """The cases of each table; what the programs do where nothing fails is asked once."""

    def __init__(self, pool, folders, only, seed):
        self.pool, self.folders, self.only = pool, folders, only
        self.binaries = folders["/tmp/bin"]
        self.random = random.Random(seed)
        self.profiles = None
        self.names = {number: name for name, number in calls.call_numbers().items()}

    def wants(self, target):
        words = " ".join(target)
        return any(fnmatch.fnmatch(words, pattern) for pattern in (self.only, self.only + " *"))

    def profile(self):
        if self.profiles is None:
            self.profiles = {}
            wanted = [target for target in calls.targets(self.binaries) if self.wants(target)]
            found = {}
            self.pool.map([["profile", *target] for target in wanted],
                          lambda case, result: found.__setitem__(tuple(case[1:]), result))
            for target in wanted:
                result = self.profiles[tuple(target)] = found[tuple(target)]
                if "wrong" in result:
                    sys.exit(f"{target}: {result['wrong']}")
                if any(result["exits"]):
                    print(f"note: {' '.join(target)} exits {result['exits']} where nothing fails")
        return self.profiles.items()

    def calls(self):
        for target, found in self.profile():
            yield from calls.plan(*target, found["calls"], self.names)

    def children(self):
        for (role, side), found in self.profile():
            if side == "-":
                yield from deaths.plan_children(role, found["calls"], found["threads"], found["killed"],
                                                self.names)

    def kill(self):
        return deaths.plan_kill(self.random, 500)

    def interrupt(self):
        return deaths.plan_interrupt(self.random, roles.solo_roles(self.binaries)[0], 20)

    def stopped(self):
        return deaths.plan_stopped(self.random, 5)

    def late(self):
        return deaths.plan_late(self.random, 10)

    def clock(self):
        return world.plan_clock(roles.solo_roles(self.binaries)[0])

    def allocations(self):
        return world.plan_allocations(calls.targets(self.binaries))

    def short(self):
        return world.plan_short(calls.targets(self.binaries))

    def words(self):
        return hostile.plan_words(self.pool.workers[0].ask)

    def builds(self):
        return hostile.plan_builds(self.folders)

    def fuzz(self):
        return fuzz.plan(self.random, 45_000)

    def of(self, table):
        return [case for case in getattr(self, table)() if self.wants(case[1:])]


TABLES = ("calls", "kill", "interrupt", "children", "stopped", "late", "clock", "allocations", "short",
          "words", "builds", "fuzz")
SHARE_OF_CALLS = 6  # in a sample, beside one of each other table


def shuffled(tables, seed):
    """All cases in an order of which any beginning is a fair sample."""
    source, ordered = random.Random(seed), []
    for table, cases in tables.items():
        source.shuffle(cases)
        share = SHARE_OF_CALLS if table == "calls" else 1
        ordered += [((i + source.random()) / share, case) for i, case in enumerate(cases)]
    return [case for _, case in sorted(ordered)]


def replayed(log):
    """The cases that are to be tried again, if any."""
    if os.environ.get("FAULT"):
        return [os.environ["FAULT"].split()]
    if log is None:
        return []
    with open(log) as lines:
        return [line.split("'")[1].split() for line in lines if line.startswith("WRONG: FAULT='")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-j", "--jobs", type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument("--build", default=os.path.join(HERE, "../../build"))
    parser.add_argument("--shims", default=None)
    parser.add_argument("--seconds", type=float, help="as many cases as begin in that time")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", default="*", help="a pattern: 'ipc-pipe:*', 'shm-*'")
    parser.add_argument("--replay", metavar="LOG", help="the wrong cases of an earlier run")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=" ".join(TABLES))
    options = parser.parse_args()
    folders = {"/tmp/bin": options.build, "/tmp/shims": options.shims or f"{options.build}/faults"}
    reason = why_not(folders)
    if reason:
        print(f"skipped: {reason}")
        return SKIP
    _, unknown = roles.solo_roles(options.build)
    if unknown:
        sys.exit(f"roles.py does not say how to run: {', '.join(unknown)}")
    given = replayed(options.replay)
    if given and options.tables and given[0][0] not in options.tables:
        print("FAULT is of another table")
        return 0
    asked = [case[0] for case in given] or options.tables or TABLES
    for table, others in (("builds", ("m32", "version")), ("fuzz", ("asan",))):
        for other in others if table in asked else ():
            folder = builds.make(other, folders["/tmp/shims"])
            if folder:
                folders[f"/tmp/bin-{other}"] = folder
            elif other != "m32":  # which needs a compiler that a machine may well lack
                return 1
    pool, report = Pool(folders, options.jobs), Report()
    try:
        cases = given
        if not cases:
            seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
            plans = Plans(pool, folders, options.only, seed)
            cases = shuffled({table: plans.of(table) for table in asked}, seed)
            print(f"--seed {seed}")
        print(f"{len(cases)} cases", flush=True)
        pool.map(cases, report.take, options.seconds)
        report.try_again(pool)
    finally:
        pool.end()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
