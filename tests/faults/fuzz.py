# SPDX-License-Identifier: MIT
"""Command lines that nobody would type, to programs built with sanitizers: one per number."""

import random
import re
import signal
import subprocess
import time

import roles
from trial import LIMIT, judge, last_line

BIN = "/tmp/bin-asan"
RUN_FOR = 0.3  # seconds; what runs longer, gets SIGINT
VALUES = """0 1 -1 2 7 64 255 256 1000 4096 65536 1K 64K 1M 64M 0x10 0x 1e3 1.5 0.01 .5 . -0 +1 00
99999999999999999999 18446744073709551615 9223372036854775807 2147483648 4294967296 1G1 K nan inf
default x a.b .. / a/b input other none /dev/null /none/none sysv posix block spin same two both
rw 600 0777 8 9 127.0.0.1 ::1 localhost 256.1.1.1 0.0.0.0 80 8080 65535 65536 1:2 %s %n $HOME *
-- - --- =x --=""".split() + ["", " ", "a b", "\x01\xff", "é", "\x1b[31m", "x" * 64, "x" * 65,
                             "y" * 300, "z" * 5000, "\n"]
COMMANDS = (["true"], ["false"], ["cat"], ["none"], ["/"], ["sh", "-c", "kill $$"], [])
GENERAL = ["--help", "--version", "-q", "-v", "--quiet", "--verbose", "--quie", "-h", "-x", "--x"]


def options_of(box, program):
    """{role: ["--name", ...]} as its help tells."""
    known = box.__dict__.setdefault("options", {})
    if program not in known:
        def ask(*words):
            return subprocess.run([f"{BIN}/{program}", *words, "--help"], capture_output=True,
                                  text=True, env={"ASAN_OPTIONS": "detect_leaks=0"}).stdout
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        found = re.findall(r"^  ([a-z0-9]+) +[a-z]", ask(), re.M)
        known[program] = {role: re.findall(r"(?<![\w-])--?[a-z0-9]+", ask(role)) for role in found}
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    return known[program]


def command_line(box, number):
    source = random.Random(int(number))
    program = source.choice(roles.PROGRAMS)
    known = options_of(box, program)
    role = source.choice(list(known) * 4 + VALUES)
    words = [role] if source.random() < 0.97 else []
    options = known.get(role, []) * 3 + GENERAL
    for _ in range(source.choice((0, 1, 1, 2, 2, 3, 4, 8))):
        option, value = source.choice(options), source.choice(VALUES)
        kind = source.random()
        if kind < 0.4:
            words += [option, value]
        elif kind < 0.6:
            words.append(f"{option}={value}" if option.startswith("--") else option + value)
        elif kind < 0.75:
            words.append(option)
        elif kind < 0.9:
            words.append(value)
        else:
            words.append(option[:source.randrange(len(option) + 1)])
    if source.random() < 0.3:
        words += ["--", *source.choice(COMMANDS)]
    if source.random() < 0.1:
        source.shuffle(words)
    return [program] + [word.replace("\0", "") for word in words]


def plan(random_source, count):
    for _ in range(count):
        yield ["fuzz", str(random_source.randrange(10**9))]


def run(box, number):
    program, *words = command_line(box, number)
    for name in (roles.INPUT, "other"):
        with open(name, "w") as file:
            file.write("1\n2\n-1\n" * 100)
    one = box.start("fuzz", [f"{BIN}/{program}", *words], stdin=random.Random(int(number)).choice(
        (roles.INPUT, None)), environment={"ASAN_OPTIONS": "exitcode=99"})
    interrupted = not box.await_end(time.monotonic() + RUN_FOR)
    if interrupted:
        one.kill(signal.SIGKILL if "catch" in words else signal.SIGINT, group=True)  # which that catches

    def wrong():
        told, got = one.text(), one.exit()
        if b"Sanitizer" in told or b"runtime error:" in told:
            yield told.decode(errors="replace")[:1500]
        elif got not in (0, 1, 2, 3, 125, 126, 127) and got <= 128:
            yield f"exit {got}: {last_line(one)}"
        elif got > 128 and not interrupted and got != 128 + signal.SIGTERM:  # COMMAND may kill itself
            yield f"killed by signal {got - 128}: {last_line(one)}"
        elif got == 2 and not told.strip():
            yield "exit 2 without a word"

    result = judge(box, LIMIT, wrong)
    said = " ".join([program, *map(repr, words)])
    return {**result, "wrong": [f"{said}: {what}" for what in result["wrong"]]}
