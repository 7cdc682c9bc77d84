#!/usr/bin/env python3
"""The driver: makes the cases, shares them out to boxes, and tells what was wrong.

    faults.py [-j N] [--sample N] [--seed N] [--only PATTERN] [TABLE]...
    FAULT='calls ipc-pipe:eof - 0.1 read 2 EINTR' faults.py      replays one
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

import calls
import roles

HERE = os.path.dirname(os.path.abspath(__file__))
AGAIN_MOST = 3  # a missed time limit may be tried once more, alone: that often
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
            return {"tried": True, "wrong": ["the box is gone"], "late": False}
        return json.loads(line)

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


class Pool:
    def __init__(self, folders, jobs):
        self.workers = [Worker(folders) for _ in range(jobs)]

    def map(self, cases, take):
        """take(case, result) for each case, in the order in which they end."""
        cases, lock = iter(cases), threading.Lock()

        def work(worker):
            while True:
                with lock:
                    case = next(cases, None)
                if case is None:
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
        return "inject.c is for x86-64 only"
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
            (self.again if result["late"] else self.wrong).append((case, result["wrong"]))
            if not result["late"]:
                self.tell(case, result["wrong"])
        done = sum(self.tried.values()) + sum(self.missed.values())
        if done % 1000 == 0:
            print(f"{time.monotonic() - self.began:6.0f} s: {done} cases", flush=True)

    def tell(self, case, wrong):
        print(f"WRONG: FAULT='{' '.join(case)}': {'; '.join(wrong)}", flush=True)

    def try_again(self, pool):
        """Those that missed a time limit, alone, when all others have ended."""
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

    def end(self, file):
        for table in {**self.tried, **self.missed}:
            wrong = sum(case[0] == table for case, _ in self.wrong)
            print(f"{table}: {self.tried.get(table, 0)} tried, {wrong} wrong"
                  f" ({self.missed.get(table, 0)} more did not reach their call)")
        if file:
            with open(file, "w") as out:
                json.dump(self.wrong, out, indent=0)
        return 1 if self.wrong else 0


def call_cases(pool, binaries, only):
    profiles, names = {}, {number: name for name, number in calls.call_numbers().items()}
    wanted = [target for target in calls.targets(binaries) if fnmatch.fnmatch(" ".join(target), only)]
    pool.map([["profile", *target] for target in wanted],
             lambda case, result: profiles.__setitem__(tuple(case[1:]), result))
    for target, result in sorted(profiles.items()):
        if "wrong" in result:
            sys.exit(f"{target}: {result['wrong']}")
        if any(result["exits"]):
            print(f"note: {' '.join(target)} exits {result['exits']} where nothing fails")
    return [case for target in wanted
            for case in calls.plan(*target, profiles[tuple(target)]["calls"], names)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-j", "--jobs", type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument("--build", default=os.path.join(HERE, "../../build"))
    parser.add_argument("--shims", default=None)
    parser.add_argument("--sample", type=int, help="so many cases only")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", default="*", help="a pattern: 'ipc-pipe:* *', 'shm-* *'")
    parser.add_argument("--json", help="the wrong cases for a program to read")
    parser.add_argument("tables", nargs="*", metavar="TABLE")
    options = parser.parse_args()
    folders = {"/tmp/bin": options.build, "/tmp/shims": options.shims or f"{options.build}/faults"}
    reason = why_not(folders)
    if reason:
        print(f"skipped: {reason}")
        return SKIP
    _, unknown = roles.solo_roles(options.build)
    if unknown:
        sys.exit(f"roles.py does not say how to run: {', '.join(unknown)}")
    pool, report = Pool(folders, options.jobs), Report()
    try:
        if os.environ.get("FAULT"):
            cases = [os.environ["FAULT"].split()]
        else:
            cases = call_cases(pool, options.build, options.only)
        if options.sample:
            seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
            print(f"a sample of {options.sample} of {len(cases)} cases: --seed {seed}")
            cases = random.Random(seed).sample(cases, min(options.sample, len(cases)))
        print(f"{len(cases)} cases", flush=True)
        pool.map(cases, report.take)
        report.try_again(pool)
    finally:
        pool.end()
    return report.end(options.json)


if __name__ == "__main__":
    sys.exit(main())
