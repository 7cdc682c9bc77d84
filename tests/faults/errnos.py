# SPDX-License-Identifier: MIT
"""What the kernel can say where a call of ours fails; by call, and after a dot what kind of it.

A pipe or a socket pair breaks only where the other end is gone, and that is what a SIGKILL tries. A
descriptor that is no pipe and no socket may be anything: our standard output is a file here, and
elsewhere a pipe whose reader has gone.

Not listed: EINTR of calls that no signal interrupts (close, futex wake), what only a broken program
gets (EFAULT, EBADF), ESRCH of a process that is there, and failures to remove what is System V's: who made it may remove it.
"""

MEMORY = "ENOMEM"
SLEEP = "EINTR"

ERRNOS = {
    "accept": "EINTR EMFILE ECONNABORTED",
    "accept4": "EINTR EMFILE ECONNABORTED",
    "bind": "EADDRINUSE EACCES",
    "clock_nanosleep": SLEEP,
    "clone": "EAGAIN ENOMEM",
    "clone3": "EAGAIN ENOMEM",
    "close": "EIO",
    "connect": "EINTR ECONNREFUSED EACCES",
    "dup": "EMFILE",
    "dup2": "EINTR EMFILE",
    "dup3": "EINTR EMFILE",
    "epoll_create1": "EMFILE ENOMEM",
    "epoll_ctl": "ENOMEM ENOSPC",
    "epoll_wait": SLEEP,
    "execve": "ENOENT EACCES ENOMEM",
    "fallocate": "EINTR ENOSPC EIO EOPNOTSUPP",
    "fchmod": "EPERM EIO",
    "fcntl.F_GETLK": "ENOLCK EINTR",
    "fcntl.F_SETLK": "EAGAIN ENOLCK EINTR",
    "fcntl.F_UNLCK": "ENOLCK EINTR",
    "fcntl.F_SETLKW": "EINTR ENOLCK EDEADLK",
    "fcntl.F_SETPIPE_SZ": "EPERM ENOMEM EBUSY",
    "fcntl.F_DUPFD": "EMFILE",
    "fcntl.F_DUPFD_CLOEXEC": "EMFILE",
    "fork": "EAGAIN ENOMEM",
    "fsync": "EINTR EIO ENOSPC",
    "ftruncate": "EINTR EIO ENOSPC EFBIG",
    "futex.wait": "EINTR EAGAIN",
    "futex.wait_bitset": "EINTR EAGAIN",
    "getdents64": "EIO",
    "getpeername": "ENOTCONN ENOBUFS",
    "getrandom": "EINTR",
    "getsockname": "ENOBUFS",
    "link": "EACCES ENOSPC",
    "listen": "EADDRINUSE",
    "lseek": "ESPIPE",
    "mkdir": "EACCES ENOSPC EROFS",
    "mknod": "EACCES ENOSPC EROFS EEXIST",
    "mknodat": "EACCES ENOSPC EROFS EEXIST",
    "mmap.anonymous": MEMORY,
    "mmap.file": "ENOMEM EAGAIN",
    "mprotect": MEMORY,
    "mq_open": "EMFILE ENOMEM ENOSPC EACCES",
    "mq_timedreceive": "EINTR EMSGSIZE",
    "mq_timedsend": "EINTR",
    "msync": "EIO",
    "msgget.IPC_CREAT": "EEXIST ENOSPC ENOMEM",
    "msgctl.IPC_SET": "EPERM",
    "msgrcv": "EINTR EIDRM",
    "msgsnd": "EINTR EIDRM ENOMEM",
    "munmap": MEMORY,
    "nanosleep": SLEEP,
    "openat": "EINTR EMFILE ENFILE EACCES ENOMEM",
    "openat.O_CREAT": "EMFILE EACCES ENOSPC EROFS",
    "pause": SLEEP,
    "pipe": "EMFILE ENFILE",
    "pipe2": "EMFILE ENFILE",
    "poll": "EINTR ENOMEM",
    "ppoll": "EINTR ENOMEM",
    "pread64": "EINTR EIO",
    "pselect6": "EINTR ENOMEM",
    "pwrite64": "EINTR EIO ENOSPC",
    "read": "EINTR EIO",
    "read.pipe": SLEEP,
    "read.socket": SLEEP,
    "readlink": "EACCES",
    "recvfrom": "EINTR ECONNRESET ENOMEM",
    "recvmsg": "EINTR ECONNRESET ENOMEM",
    "rt_sigqueueinfo": "EAGAIN",
    "rt_sigtimedwait": "EINTR EAGAIN",
    "sched_setaffinity": "EINVAL EPERM",
    "select": "EINTR ENOMEM",
    "semctl.SETALL": "EIDRM",
    "semctl.SETVAL": "EIDRM",
    "semget.IPC_CREAT": "EEXIST ENOSPC ENOMEM",
    "semop": "EINTR EIDRM ENOMEM",
    "semtimedop": "EINTR EIDRM ENOMEM",
    "sendfile": "EINTR EIO EINVAL",
    "sendmsg": "EINTR ECONNRESET EPIPE ENOBUFS",
    "sendto": "EINTR ECONNRESET EPIPE ENOBUFS",
    "setpgid": "EPERM",
    "setsid": "EPERM",
    "setsockopt": "ENOBUFS ENOPROTOOPT",
    "shmat": "ENOMEM EACCES",
    "shutdown": "ENOTCONN",
    "shmget.IPC_CREAT": "EEXIST ENOSPC ENOMEM",
    "socket": "EMFILE ENFILE ENOBUFS EACCES EAFNOSUPPORT",
    "socketpair": "EMFILE ENFILE",
    "splice": "EINTR EINVAL ENOMEM",
    "tgkill": "EAGAIN",
    "timer_create": "EAGAIN",
    "timerfd_create": "EMFILE",
    "unlink": "EROFS",
    "vfork": "EAGAIN ENOMEM",
    "wait4": SLEEP,
    "waitid": SLEEP,
    "write": "EINTR EIO ENOSPC EPIPE",
    "write.pipe": SLEEP,
    "write.socket": SLEEP,
}

# done all the same
AFTERWARDS = ("close",)

# these move bytes, and may move fewer than asked; the count is their third argument
SHORT = ("read", "write", "recvfrom", "sendto", "sendfile")

# These change nothing outside of the process and cannot fail: a signal that comes there comes at any
# moment between two others, and is tried only a few times.
HARMLESS = """brk close_range fcntl.F_GETFD fcntl.F_GETFL fcntl.F_GETPIPE_SZ fcntl.F_SETFL futex.wake
geteuid getpid getppid getrusage getsockopt gettid getuid ioctl.21505 madvise munmap newfstatat
kill.self prlimit64 readlink rseq rt_sigaction rt_sigprocmask sched_getaffinity sched_yield set_robust_list
sysinfo timer_settime umask uname""".split()

# What the kinds in inject.c are called; of the other calls, kind 0 has no name.
KINDS = {
    "fcntl": {0: "F_DUPFD", 1: "F_GETFD", 2: "F_SETFD", 3: "F_GETFL", 4: "F_SETFL", 5: "F_GETLK",
              6: "F_SETLK", 7: "F_SETLKW", 1000: "F_UNLCK", 1030: "F_DUPFD_CLOEXEC", 1031: "F_SETPIPE_SZ",
              1032: "F_GETPIPE_SZ"},
    "futex": {0: "wait", 1: "wake", 6: "lock_pi", 9: "wait_bitset", 10: "wake_bitset"},
    "kill": {1: "self"},
    "mmap": {0: "anonymous", 1: "file"},
    "msgctl": {0: "IPC_RMID", 1: "IPC_SET", 2: "IPC_STAT"},
    "msgget": {0o1000: "IPC_CREAT"},
    "openat": {0o100: "O_CREAT"},
    "read": {1: "pipe", 2: "socket"},
    "semctl": {0: "IPC_RMID", 1: "IPC_SET", 2: "IPC_STAT", 11: "GETPID", 12: "GETVAL",
               13: "GETALL", 14: "GETNCNT", 15: "GETZCNT", 16: "SETVAL", 17: "SETALL"},
    "semget": {0o1000: "IPC_CREAT"},
    "shmctl": {0: "IPC_RMID", 1: "IPC_SET", 2: "IPC_STAT"},
    "shmget": {0o1000: "IPC_CREAT"},
    "write": {1: "pipe", 2: "socket"},
}
