# SPDX-License-Identifier: MIT
# What the system does now and then only: a clock that is set back, a call that fails late, a death
# between two calls. A library that is preloaded does it at a chosen call.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"
command -v cc >/dev/null || skip "no cc, which makes the library"
[ -z "${SANITIZE:-}" ] || skip "a sanitizer wants to be loaded first"

cat >"$scratch/shim.c" <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* SHIM is "semget 2": at the second call of it. Every call of that name is counted. */
static int chosen(const char *name)
{
    static int calls;
    const char *shim = getenv("SHIM");
    const size_t length = strlen(name);
    return strncmp(shim, name, length) == 0 && shim[length] == ' ' && ++calls == atoi(shim + length);
}
__attribute__((constructor)) static void note_that_it_is_here(void)
{
    close(open(getenv("SHIM_HERE"), O_WRONLY | O_CREAT, 0600));
}
int clock_gettime(clockid_t clock, struct timespec *time)
{
    const int result = REAL(clock_gettime)(clock, time);
    if (clock == CLOCK_REALTIME && strcmp(getenv("SHIM"), "ahead") == 0)
        time->tv_sec += 3600; /* than the kernel's: as if that had been set back since */
    return result;
}
int semget(key_t key, int members, int flags)
{
    const int set = REAL(semget)(key, members, flags);
    if ((key == IPC_PRIVATE || (flags & IPC_CREAT) != 0) && chosen("semget")) {
        printf("made %d\n", set);
        fflush(stdout);
        raise(SIGKILL);
    }
    return set;
}
sem_t *sem_open(const char *name, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    const unsigned value = (flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0;
    va_end(more);
    sem_t *semaphore = REAL(sem_open)(name, flags, mode, value);
    if ((flags & O_CREAT) != 0 && chosen("killed-sem_open"))
        raise(SIGKILL);
    if ((flags & O_CREAT) == 0 || !chosen("sem_open"))
        return semaphore;
    errno = ENOMEM; /* glibc maps it when it has its name already */
    return SEM_FAILED;
}
static int interrupted(void)
{
    return chosen("posix_fallocate") && write(STDOUT_FILENO, "interrupted\n", 12) == 12;
}
int posix_fallocate(int file, off_t offset, off_t size)
{
    return interrupted() ? EINTR : REAL(posix_fallocate)(file, offset, size);
}
int posix_fallocate64(int file, off64_t offset, off64_t size)
{
    return interrupted() ? EINTR : REAL(posix_fallocate64)(file, offset, size);
}
ssize_t read(int file, void *bytes, size_t size)
{
    if (size != 1 || !chosen("read"))
        return REAL(read)(file, bytes, size);
    errno = EIO;
    return -1;
}
int pthread_mutexattr_setrobust(pthread_mutexattr_t *attributes, int robust)
{
    (void)attributes;
    (void)robust;
    return 0;
}
END
cc -shared -fPIC -o "$scratch/shim.so" "$scratch/shim.c" -ldl -lpthread || fail "cc"
shimmed() { # "WHAT" COMMAND...
    SHIM=$1 SHIM_HERE=$scratch/here LD_PRELOAD=$scratch/shim.so
    shift
    export SHIM SHIM_HERE LD_PRELOAD
    exec timeout -k 1 20 "$@"
}
run_shimmed() { # STATUS "WHAT" COMMAND...
    wanted=$1
    shift
    got=0
    (shimmed "$@") >"$scratch/out" 2>"$scratch/err" || got=$?
    [ "$got" -eq "$wanted" ] || fail "'$*' exited $got, not $wanted"
}
run_shimmed 0 ahead ipc-semaphore demo
[ -e "$scratch/here" ] || skip "nothing can be preloaded into the programs"

# CLOCK_REALTIME is set back an hour: who waits ends nevertheless
for lesson in values crash; do
    run_shimmed 0 ahead ipc-semaphore $lesson
    has "$scratch/out" 'ETIMEDOUT'
done
for api in posix sysv; do
    (shimmed ahead ipc-semaphore consumer --api $api --name "$name" 2>"$scratch/err" >"$scratch/out") &
    consumer=$!
    started $consumer
    await grep -q 'waiting for' "$scratch/err"
    mkfifo "$scratch/input"
    ipc-semaphore producer -q --api $api --name "$name" <"$scratch/input" &
    producer=$!
    started $producer
    exec 3>"$scratch/input"
    echo 'one line' >&3
    await grep -q 'one line' "$scratch/out"
    kill -KILL $producer
    ended 3 $consumer
    exec 3>&-
    rm "$scratch/input"
    nothing_left
done

# a system without robust mutexes: the lesson says so
run_shimmed 0 robust ipc-semaphore crash
has "$scratch/out" 'trylock\(m\) = EBUSY|= EBUSY'
has "$scratch/out" 'Robust mutex: not on this system'

# a gate that cannot be read: nobody waits for a child that waits for its parent
run_shimmed 1 'read 1' ipc-semaphore crash
has "$scratch/err" 'read "gate": (Input/output|I/O) error'

# sem_open() fails when the semaphore has its name already: it is ours, and goes
for which in 1 2 3; do
    run_shimmed 1 "sem_open $which" ipc-semaphore producer --name "$name" --timeout 0.05
    has "$scratch/err" 'sem_open .*(Cannot allocate|Out of) memory'
    nothing_left
    no_object ipc-semaphore ''
done
run_shimmed 1 'sem_open 1' ipc-semaphore demo
nothing_left
for object in /dev/shm/*semaphore-demo-"$(sed -n 's/.*semaphore-demo-\([0-9]*\)".*/\1/p' "$scratch/err")"; do
    [ ! -e "$object" ] || fail "left behind: $object"
done

run_shimmed 3 'posix_fallocate 1' ipc-semaphore producer --name "$name" --timeout 0.05
has "$scratch/out" 'interrupted'
has "$scratch/err" 'no consumer came'

# killed between an object's birth and the next call: the next one that notes an object removes it
for case in 'semget 1:crash' 'semget 1:sets' 'semget 2:sets' 'semget 3:sets' 'semget 1:bench --count 1'; do
    # shellcheck disable=SC2086 # words
    run_shimmed 137 "${case%%:*}" ipc-semaphore ${case#*:}
    id=$(sed -n 's/^made //p' "$scratch/out")
    [ -n "$id" ] || fail "$case: it was not killed there"
    at_end "ipcrm -s $id 2>/dev/null"
    run 0 ipc-semaphore demo
    no_object ipc-semaphore "$id"
    nothing_left
done
for role in demo persist; do
    # shellcheck disable=SC2016 # for that shell
    (shimmed 'killed-sem_open 1' sh -c 'echo $$ >"$0"; exec ipc-semaphore "$1"' "$scratch/pid" $role >"$scratch/out")
    pid=$(cat "$scratch/pid")
    over "$pid" || fail "$role was not killed"
    at_end "rm -f /dev/shm/*semaphore-$role-$pid"
    run 0 ipc-semaphore demo
    for object in /dev/shm/*semaphore-"$role-$pid"; do
        [ ! -e "$object" ] || fail "left behind: $object"
    done
    nothing_left
done
