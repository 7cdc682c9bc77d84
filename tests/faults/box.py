# SPDX-License-Identifier: MIT
"""A box: namespaces of our own, in which one case after the other is tried.

Whatever is in the box after a case was left behind by it: a file, a name, a System V object, a
process. This process is the first of its PID namespace: orphans become its children, and
kill(-1) ends everything but itself.
"""

import ctypes
import os
import re
import signal
import socket
import struct
import fcntl
import time

HOME = "/tmp/box"  # where cases keep their files
SHIMS = "/tmp/shims"  # inject and the libraries to preload
GLIBC_SEMAPHORE = re.compile(r"sem\.[A-Za-z0-9]{6}$")  # not yet linked to its name: nobody can note it
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/tmp"}
libc = ctypes.CDLL(None, use_errno=True)


def own_folder():
    return f"/tmp/ipc-demos-{os.geteuid()}"


def mount(kind, where):
    if libc.mount(b"none", where.encode(), kind.encode(), 0,
                  b"size=1g" if kind == "tmpfs" else None) == -1:
        raise OSError(ctypes.get_errno(), f"mount {kind} {where}")


def raise_loopback():
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP


class Process:
    """One program that a case runs: its output is in files, its end in .status and .ended."""

    def __init__(self, box, name, arguments, stdin=None, stdout=None, environment=None):
        self.box, self.name = box, name
        self.out, self.err = f"{HOME}/{name}.out", f"{HOME}/{name}.err"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        actions = [(os.POSIX_SPAWN_OPEN, 2, self.err, flags, 0o600)]
        if stdout is None:
            actions.append((os.POSIX_SPAWN_OPEN, 1, self.out, flags, 0o600))
        else:
            actions.append((os.POSIX_SPAWN_DUP2, stdout, 1))
        if isinstance(stdin, int):
            actions.append((os.POSIX_SPAWN_DUP2, stdin, 0))
        else:
            actions.append((os.POSIX_SPAWN_OPEN, 0, stdin or "/dev/null", os.O_RDONLY, 0))
        self.status = self.ended = None
        self.began = time.monotonic()
        # a session of its own: what is stopped when its parent dies is continued then, as at a shell
        self.pid = os.posix_spawnp(arguments[0], arguments, {**ENVIRONMENT, **(environment or {})},
                                   file_actions=actions, setsid=True, setsigmask=[],
                                   setsigdef=range(1, 32))
        box.processes[self.pid] = self

    def kill(self, number, group=False):
        try:
            (os.killpg if group else os.kill)(self.pid, number)
        except ProcessLookupError:
            pass  # it has ended, and is reaped

    def text(self):
        with open(self.err, "rb") as errors:
            return errors.read()

    def output(self):
        with open(self.out, "rb") as output:
            return output.read()

    def exit(self):
        """As a shell says it: 128 + n for signal n; None while it lives."""
        if self.status is None:
            return None
        return os.waitstatus_to_exitcode(self.status) if os.WIFEXITED(self.status) \
            else 128 + os.WTERMSIG(self.status)


class Box:
    def __init__(self):
        self.processes = {}
        for kind, where in (("tmpfs", "/tmp"), ("tmpfs", "/dev/shm")):
            mount(kind, where)
        os.makedirs("/dev/mqueue", exist_ok=True)
        mount("mqueue", "/dev/mqueue")
        raise_loopback()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])

    def open(self, binaries):
        """binaries: what stands where, as bytes; read before /tmp was ours."""
        for path, content in binaries.items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
            os.chmod(path, 0o755)
        os.makedirs(HOME, exist_ok=True)
        os.chdir(HOME)

    def start(self, name, arguments, **how):
        return Process(self, name, arguments, **how)

    def reap(self):
        """Takes all that have ended; true if something lives."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            process = self.processes.pop(pid, None)
            if process is not None:
                process.status, process.ended = status, time.monotonic()

    def await_end(self, deadline, who=None):
        """Until those have ended; without who, until nothing lives here. False at the deadline."""
        while True:
            lives = self.reap()
            if not lives or (who is not None and all(one.status is not None for one in who)):
                return True
            rest = deadline - time.monotonic()
            if rest <= 0:
                return False
            signal.sigtimedwait([signal.SIGCHLD], rest)

    def await_true(self, condition, deadline):
        """Polls: for what no event tells of."""
        while time.monotonic() < deadline:
            if condition():
                return True
            self.reap()
            time.sleep(0.001)
        return False

    def kill_all(self):
        """Returns what lived, in words."""
        lived = []
        for pid in os.listdir("/proc"):
            if pid.isdigit() and pid != "1":
                try:
                    with open(f"/proc/{pid}/cmdline") as line, open(f"/proc/{pid}/stat") as stat, \
                         open(f"/proc/{pid}/wchan") as where:
                        state = stat.read().rpartition(")")[2].split()[0]
                        words = line.read().split("\0")[:-1]
                        if state not in "ZX" and "inject" not in words[0]:
                            words[0] = os.path.basename(words[0])
                            lived.append(f"{' '.join(words)} [{state} {where.read() or '?'}]")
                except (OSError, IndexError):
                    pass
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.await_end(time.monotonic() + 5)
        return lived

    def left(self):
        """What nobody owns any more."""
        found = []
        for folder in (own_folder(), "/dev/shm", "/dev/mqueue", "/tmp"):
            if os.path.isdir(folder):
                found += [f"{folder}/{name}" for name in os.listdir(folder)]
        found = [path for path in found if path not in (HOME, SHIMS, own_folder())
                 and not path.startswith("/tmp/bin")]
        for kind in ("shm", "sem", "msg"):
            with open(f"/proc/sysvipc/{kind}") as table:
                found += [f"System V {kind} {line.split()[1]}" for line in table.readlines()[1:]]
        return found

    def remove_half_made_semaphores(self):
        """glibc's own temporary file, of a process that was killed in sem_open()."""
        for name in os.listdir("/dev/shm"):
            if GLIBC_SEMAPHORE.match(name):
                os.unlink(f"/dev/shm/{name}")

    def clear(self):
        """Ends and removes everything: the box is as new."""
        self.kill_all()
        self.processes.clear()
        for path in self.left():
            if path.startswith("System V"):
                _, _, kind, number = path.split()
                if kind == "sem":
                    libc.semctl(int(number), 0, 0)
                else:
                    getattr(libc, kind + "ctl")(int(number), 0, None)
            elif path.startswith("/dev/mqueue") or not os.path.isdir(path):
                os.unlink(path)
            else:
                __import__("shutil").rmtree(path)
        if os.path.isdir(own_folder()):
            os.chmod(own_folder(), 0o700)
            __import__("shutil").rmtree(own_folder())
