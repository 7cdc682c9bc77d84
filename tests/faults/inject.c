/* SPDX-License-Identifier: MIT
 * Runs a program, and makes one system call of one of its processes fail there.
 *
 *     inject LOG PROGRAM [ARGUMENT]...                                tells all calls
 *     inject LOG PROCESS CALL N FAULT PROGRAM [ARGUMENT]...           the Nth CALL of PROCESS
 *
 * PROCESS is 0 for the program, 0.1 for the first child (or thread) that it makes, 0.1.2 for the
 * second of that one. CALL is a number, and after a dot what kind of that call (see kind_of()).
 * FAULT is e12 (the call fails with errno 12), r12 (it is done, and says that it failed), s9
 * (signal 9 is sent before the call), or short (it is to move half of the bytes only, if they are
 * many). The calls of the loader do not count, nor those of a program that a child executes.
 *
 * LOG gets lines: "call PROCESS CALL", "thread PROCESS" (it is one of its parent's), "fault TIME",
 * "end PROCESS STATUS TIME", where STATUS is that of waitpid() and TIME in seconds on the monotonic
 * clock. It ends with the program's last process.
 *
 * strace(1) can do much of this. But it counts in each process for itself, so that one fault
 * becomes several where there are children; and it is slower where only one call matters.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef __x86_64__
#error "inject.c knows the registers of x86-64 only"
#endif

enum { PROCESSES_MOST = 4096, PATH_SIZE = 64 };

static struct process {
    pid_t pid;
    char path[PATH_SIZE]; /* empty: its parent has not told of it yet */
    bool stopped;         /* and waits for that */
    bool executed;        /* it has become another program */
    int children;
} processes[PROCESSES_MOST];
static size_t process_count;

static FILE *log_file;
static const char *wanted_path; /* NULL: tell all calls */
static long wanted_call, wanted_kind, wanted_count;
static const char *fault;
static bool counts; /* the loader is done */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static _Noreturn void die(const char *call)
{
    perror(call);
    exit(125);
}

static struct process *find(pid_t pid)
{
    for (size_t i = process_count; i-- > 0;)
        if (processes[i].pid == pid)
            return &processes[i];
    if (process_count == PROCESSES_MOST)
        die("too many processes");
    processes[process_count] = (struct process){.pid = pid};
    return &processes[process_count++];
}

enum { A_FILE, A_PIPE, A_SOCKET };

static long kind_of_descriptor(pid_t pid, unsigned long long descriptor)
{
    char path[PATH_SIZE];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, (int)descriptor);
    if (stat(path, &status) == -1)
        return A_FILE;
    return S_ISFIFO(status.st_mode) ? A_PIPE : S_ISSOCK(status.st_mode) ? A_SOCKET : A_FILE;
}

enum { UNLOCKS = 1000 }; /* a kind of fcntl(): F_SETLK that lets go */

static long kind_of_fcntl(pid_t pid, const struct user_regs_struct *registers)
{
    const int command = (int)registers->rsi;
    if (command != F_SETLK)
        return command;
    const long word = ptrace(PTRACE_PEEKDATA, pid, (void *)registers->rdx, NULL);
    return (short)word == F_UNLCK ? UNLOCKS : command; /* l_type is its beginning */
}

/* A call that does many things is counted by what it is to do. */
static long kind_of(pid_t pid, const struct user_regs_struct *registers)
{
    switch ((long)registers->orig_rax) {
    case SYS_fcntl:
        return kind_of_fcntl(pid, registers);
    case SYS_ioctl:
    case SYS_msgctl:
    case SYS_shmctl:
        return (int)registers->rsi;
    case SYS_futex:
        return (int)registers->rsi & 127; /* without FUTEX_PRIVATE_FLAG and the clock */
    case SYS_semctl:
        return (int)registers->rdx;
    case SYS_openat:
        return (int)registers->rdx & O_CREAT;
    case SYS_msgget:
        return (int)registers->rsi & IPC_CREAT;
    case SYS_semget:
    case SYS_shmget:
        return (int)registers->rdx & IPC_CREAT;
    case SYS_mmap:
        return (int)registers->r8 != -1; /* of a file */
    case SYS_kill:
        return (pid_t)registers->rdi == pid; /* to itself */
    case SYS_read:
    case SYS_write:
        return kind_of_descriptor(pid, registers->rdi);
    default:
        return 0;
    }
}

/* At the entry of the call that is to fail: what happens instead. Returns how it goes on. */
static enum __ptrace_request apply(pid_t pid, struct user_regs_struct *registers)
{
    if (strcmp(fault, "short") == 0) {
        if (registers->rdx <= PIPE_BUF)
            return PTRACE_CONT; /* so little moves at once, or not at all */
        registers->rdx /= 2;
    } else if (fault[0] == 's') {
        kill(pid, atoi(fault + 1));
    } else if (fault[0] == 'e') {
        registers->orig_rax = (unsigned long long)-1;
        registers->rax = (unsigned long long)-atoi(fault + 1);
    }
    ptrace(PTRACE_SETREGS, pid, NULL, registers);
    fprintf(log_file, "fault %f\n", now());
    return fault[0] == 'r' ? PTRACE_SYSCALL : PTRACE_CONT; /* that stops once more, at its end */
}

static void fail_afterwards(pid_t pid)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, pid, NULL, &registers) == -1)
        return;
    registers.rax = (unsigned long long)-atoi(fault + 1);
    ptrace(PTRACE_SETREGS, pid, NULL, &registers);
}

/* A system call begins. Returns how it goes on. */
static enum __ptrace_request look_at_call(struct process *process)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, process->pid, NULL, &registers) == -1)
        return PTRACE_CONT; /* it was killed meanwhile */
    const long call = (long)registers.orig_rax;
    counts = counts || call == SYS_fcntl; /* the first call of our programs */
    if (!counts || process->executed)
        return PTRACE_CONT;
    if (wanted_path == NULL)
        fprintf(log_file, "call %s %ld.%ld\n", process->path, call,
                kind_of(process->pid, &registers));
    else if (call == wanted_call && strcmp(process->path, wanted_path) == 0 &&
             kind_of(process->pid, &registers) == wanted_kind && --wanted_count == 0)
        return apply(process->pid, &registers);
    return PTRACE_CONT;
}

static void go_on(pid_t pid, enum __ptrace_request request, int signal_number)
{
    if (ptrace(request, pid, NULL, (void *)(long)signal_number) == -1 && errno != ESRCH)
        die("ptrace");
}

static void greet_child(struct process *parent, bool is_thread)
{
    unsigned long pid;
    if (ptrace(PTRACE_GETEVENTMSG, parent->pid, NULL, &pid) == -1)
        return;
    struct process *child = find((pid_t)pid);
    /* two paths and a number: cut short, which no program that we run is long enough for */
    if (snprintf(child->path, PATH_SIZE, "%.40s.%d", parent->path, ++parent->children) < 0)
        die("snprintf");
    child->executed = parent->executed;
    if (is_thread)
        fprintf(log_file, "thread %s\n", child->path);
    if (child->stopped)
        go_on(child->pid, PTRACE_CONT, 0);
    child->stopped = false;
}

static void take_stop(struct process *process, int status)
{
    const int number = WSTOPSIG(status), event = status >> 16;
    enum __ptrace_request request = PTRACE_CONT;
    int signal_number = 0;
    if (event == PTRACE_EVENT_SECCOMP)
        request = look_at_call(process);
    else if (event == PTRACE_EVENT_EXEC)
        process->executed = process->executed || counts;
    else if (event == PTRACE_EVENT_STOP && number != SIGTRAP)
        request = PTRACE_LISTEN; /* it is stopped, until SIGCONT */
    else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
             event == PTRACE_EVENT_CLONE)
        greet_child(process, event == PTRACE_EVENT_CLONE);
    else if (event == 0 &&
             number == (SIGTRAP | 0x80)) /* the end of a call: PTRACE_O_TRACESYSGOOD */
        fail_afterwards(process->pid);
    else if (event == 0)
        signal_number = number;
    process->stopped = process->path[0] == '\0';
    if (!process->stopped)
        go_on(process->pid, request, signal_number);
}

static void filter_calls(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)wanted_call, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, wanted_path == NULL ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
    };
    const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
        die("prctl");
}

static void start(char **command)
{
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) == -1)
        die("pipe2");
    const pid_t pid = fork();
    if (pid == -1)
        die("fork");
    if (pid == 0) {
        char byte;
        close(gate[1]);
        if (read(gate[0], &byte, 1) != 0)
            die("read");
        setpgid(0, 0);
        filter_calls();
        execvp(command[0], command);
        die(command[0]);
    }
    strcpy(find(pid)->path, "0");
    if (ptrace(PTRACE_SEIZE, pid, NULL,
               PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP |
                   PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                   PTRACE_O_TRACEEXEC) == -1)
        die("PTRACE_SEIZE");
    close(gate[0]);
    close(gate[1]);
}

int main(int argc, char **argv)
{
    if (argc < 3 || (log_file = fopen(argv[1], "we")) == NULL)
        die(argv[0]);
    setvbuf(log_file, NULL, _IOLBF, 0);
    char **command = argv + 2;
    if (argc > 6 && argv[2][0] == '0') {
        wanted_path = argv[2];
        wanted_call = strtol(argv[3], &argv[3], 10);
        wanted_kind = *argv[3] == '.' ? atol(argv[3] + 1) : 0;
        wanted_count = atol(argv[4]);
        fault = argv[5];
        command = argv + 6;
    }
    start(command);
    int status, first = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) != -1 || errno == EINTR;) {
        struct process *process = find(pid);
        if (WIFSTOPPED(status)) {
            take_stop(process, status);
            continue;
        }
        fprintf(log_file, "end %s %d %f\n", process->path, status, now());
        if (process == processes)
            first = status;
        process->pid = -1; /* the number may come again */
    }
    return WIFEXITED(first) ? WEXITSTATUS(first) : 128 + WTERMSIG(first);
}
