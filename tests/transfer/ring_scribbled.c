/* SPDX-License-Identifier: MIT
 * Somebody writes into the header of a ring, ten values into each word: before the second side
 * comes, while both wait, while the ring is full, and when all has been sent. Both sides end, and
 * neither takes for whole what is not.
 */
#include "folder.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/platform.h"
#include "ipc/transfer/ring.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 8, CAPACITY = 1024, FIRST = 300, ALL = 5000, VALUES = 10, LIMIT_S = 10 };
enum moment { ONE_SIDE, BOTH_WAIT, FULL, ALL_SENT, MOMENTS };

/* The first few are looked at only when a side attaches. */
enum { ATTACHED = 4, HALF = sizeof(uint32_t) };
static const size_t words[] = {offsetof(struct ring_memory, magic),
                               offsetof(struct ring_memory, version),
                               offsetof(struct ring_memory, capacity),
                               offsetof(struct ring_memory, capacity) + HALF,
                               offsetof(struct ring_memory, end),
                               offsetof(struct ring_memory, end) + HALF,
                               offsetof(struct ring_memory, producer.index),
                               offsetof(struct ring_memory, producer.index) + HALF,
                               offsetof(struct ring_memory, producer.peer_sleeps),
                               offsetof(struct ring_memory, consumer.index),
                               offsetof(struct ring_memory, consumer.index) + HALF,
                               offsetof(struct ring_memory, consumer.peer_sleeps)};

static char output[64], name[16];
static unsigned char bytes[ALL];
static struct ring_memory *memory;
static int input[2];

static struct pair pair;
static struct ring ring;

/* The loops of ipc-shm producer and consumer. */
static _Noreturn void transfer(enum member_role member)
{
    unsigned char *lent;
    pair.member = member;
    begin_ring(&ring, &pair, memory, ring_size(CAPACITY), "ring", false);
    for (ssize_t size; (size = (ssize_t)lend_block(&ring, &pair, &lent)) > 0;) {
        if (member == CONSUMER)
            check(write_full(STDOUT_FILENO, lent, (size_t)size));
        else if ((size = read_input(&pair, lent, (size_t)size)) == 0)
            break;
        ring_pass(&ring, (size_t)size);
    }
    exit(end_ring(&ring, &pair));
}

static pid_t side(enum member_role member, enum moment moment)
{
    fflush(NULL);
    const pid_t child = fork();
    if (child != 0)
        return child;
    alarm(LIMIT_S); /* a side that hangs dies of it */
    catch_ending_signals();
    quiet = true;
    check(freopen("/dev/null", "w", stderr) != NULL);
    check(dup2(input[0], STDIN_FILENO) == STDIN_FILENO);
    close(input[1]);
    if (member == PRODUCER)
        pair.input = new_input(NULL);
    else
        check(dup2(open(output, O_CREAT | O_TRUNC | O_WRONLY, 0600), STDOUT_FILENO) != -1);
    pair.deadline = now() + (uint64_t)LIMIT_S * SECOND;
    rendezvous_join(&pair.rendezvous, "test", name, member, true, pair.deadline);
    if (moment == ONE_SIDE) /* the other one may refuse the ring */
        pair.deadline = now() + 100 * MILLISECOND;
    transfer(member);
}

static int status_of(pid_t child)
{
    int status;
    check(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool output_is(size_t wanted)
{
    static unsigned char got[ALL + 1];
    const int file = open(output, O_RDONLY);
    const ssize_t size = read(file, got, sizeof got);
    close(file);
    return size == (ssize_t)wanted && memcmp(got, bytes, wanted) == 0;
}

static void await(_Atomic uint64_t *number, uint64_t wanted)
{
    for (const uint64_t until = now() + LIMIT_S * SECOND; atomic_load(number) != wanted;) {
        check(now() < until);
        sleep_for(20 * MICROSECOND);
    }
}

static uint32_t value(int which, uint32_t present)
{
    const uint32_t values[VALUES] = {0,
                                     1,
                                     present + 1,
                                     present - 1,
                                     UINT32_MAX,
                                     0x80000000,
                                     FIRST + 1, /* the end, had no more been sent */
                                     present + CAPACITY / 2,
                                     FIRST,
                                     0xdeadbeef};
    return values[which];
}

static void send_bytes(size_t from, size_t to)
{
    check(write(input[1], bytes + from, to - from) == (ssize_t)(to - from));
}

static void scribble(size_t offset, int which, enum moment moment)
{
    _Atomic uint32_t *place = (_Atomic uint32_t *)memory + offset / sizeof *place;
    const size_t all = moment == ALL_SENT ? FIRST + CAPACITY / 2 : ALL;
    memset(memory, 0, ring_size(CAPACITY));
    ring_create(memory, CAPACITY);
    unlink(output);
    check(pipe(input) == 0);
    pid_t pids[MEMBER_ROLES];
    const enum member_role first = which % 2 == 0 ? PRODUCER : CONSUMER;
    send_bytes(0, FIRST);
    pids[first] = side(first, moment);
    if (moment == ONE_SIDE) {
        sleep_for(2 * MILLISECOND); /* most often it has attached by then */
        atomic_store(place, value(which, atomic_load(place)));
    }
    pids[!first] = side(!first, moment);
    if (moment != ONE_SIDE)
        await(&memory->consumer.index, FIRST);
    if (moment == BOTH_WAIT)
        atomic_store(place, value(which, atomic_load(place)));
    if (moment == FULL || moment == ALL_SENT)
        kill(pids[CONSUMER], SIGSTOP);
    send_bytes(FIRST, all); /* a pipe holds as much */
    close(input[0]);
    close(input[1]);
    if (moment == FULL || moment == ALL_SENT) {
        await(&memory->producer.index, moment == FULL ? FIRST + CAPACITY : all);
        if (moment == ALL_SENT)
            sleep_for(2 * MILLISECOND); /* it has said so */
        atomic_store(place, value(which, atomic_load(place)));
        sleep_for(2 * MILLISECOND); /* it has seen it */
        kill(pids[CONSUMER], SIGCONT);
    }
    const int producer = status_of(pids[PRODUCER]), consumer = status_of(pids[CONSUMER]);
    const bool whole = output_is(all);
    if ((producer != 0 && producer != 1 && producer != 3) ||
        (consumer != 0 && consumer != 1 && consumer != 3) ||
        (!whole && (producer == 0 || consumer == 0))) {
        fprintf(stderr, "offset %zu, value %d, moment %d: producer %d, consumer %d, output %s\n",
                offset, which, (int)moment, producer, consumer, whole ? "whole" : "not whole");
        exit(1);
    }
}

/* Most of the time all of them sleep: so several at once. */
static _Noreturn void work(int worker)
{
    int turn = 0;
    snprintf(output, sizeof output, "%s/output%d", folder, worker);
    snprintf(name, sizeof name, "ring%d", worker);
    memory = shared_memory(ring_size(CAPACITY));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (int which = 0; which < VALUES; which++)
            for (int moment = 0; moment < (i < ATTACHED ? BOTH_WAIT : MOMENTS); moment++)
                if (turn++ % WORKERS == worker)
                    scribble(words[i], which, (enum moment)moment);
    check(unlink(output) == 0);
    exit(0);
}

int main(void)
{
    pid_t workers[WORKERS];
    int failed = 0;
    make_folder();
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < ALL; i++)
        bytes[i] = (unsigned char)(i * 131 + (i >> 8));
    for (int i = 0; i < WORKERS; i++)
        if ((workers[i] = fork()) == 0)
            work(i);
    for (int i = 0; i < WORKERS; i++)
        failed += status_of(workers[i]) != 0;
    check(failed == 0);
    check(rmdir(folder) == 0); /* nothing is left */
    return 0;
}
