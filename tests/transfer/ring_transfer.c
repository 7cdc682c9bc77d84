/* SPDX-License-Identifier: MIT
 * A file through a ring, when the other side dies between two steps of its end: the survivor ends,
 * and its exit status says whether everything was through.
 */
#include "folder.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"
#include "ipc/narration/platform.h"
#include "ipc/transfer/ring.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 64 };
static const char text[] = "five bytes and a few more";

static char input[64], output[64];
static void *memory;

static struct pair pair = {.deadline = UINT64_MAX};
static struct rendezvous *const rendezvous = &pair.rendezvous;
static struct ring ring;

static void join(enum member_role member)
{
    catch_ending_signals();
    quiet = true;
    rendezvous_join(rendezvous, "test", "ring", member, true, now() + 10 * SECOND);
    if (rendezvous->first) {
        memset(memory, 0, ring_size(SIZE));
        ring_create(memory, SIZE); /* smaller than that of begin_ring() */
    }
    pair.member = member;
    begin_ring(&ring, &pair, memory, ring_size(SIZE), "ring", false);
}

/* The loops of ipc-shm producer and consumer. */
static void produce(void)
{
    unsigned char *room;
    ssize_t got;
    do {
        const size_t size = lend_block(&ring, &pair, &room);
        got = read_input(&pair, room, size);
        check(got >= 0);
        ring_pass(&ring, (size_t)got);
        progress_add(&pair.progress, (size_t)got);
    } while (got > 0);
    check(end_ring(&ring, &pair) == EXIT_DONE);
}

static void consume(void)
{
    unsigned char *bytes;
    for (size_t size; (size = lend_block(&ring, &pair, &bytes)) > 0;) {
        check(write_full(STDOUT_FILENO, bytes, size));
        ring_pass(&ring, size);
        progress_add(&pair.progress, size);
    }
    check(end_ring(&ring, &pair) == EXIT_DONE);
}

static pid_t survivor(enum member_role member)
{
    const pid_t child = fork();
    if (child != 0)
        return child;
    alarm(20); /* a side that hangs dies of it */
    if (member == CONSUMER) {
        const int file = open(output, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        check(file != -1 && dup2(file, STDOUT_FILENO) == STDOUT_FILENO && close(file) == 0);
        join(CONSUMER);
        consume();
    } else {
        pair.input = new_input(input);
        join(PRODUCER);
        produce();
    }
    exit(EXIT_DONE);
}

enum step { JOINED, STORED, ENDED, ALL_NOTED };

/* Goes that far, and is killed. */
static pid_t victim(enum member_role member, enum step last)
{
    unsigned char *room;
    unsigned char *bytes;
    const pid_t child = fork();
    if (child != 0)
        return child;
    pair.input.descriptor = -1;
    join(member);
    sleep_for(20 * MILLISECOND); /* most often the other one sleeps by then */
    if (member == PRODUCER) {
        if (last >= STORED) {
            check(ring_lend(&ring, sizeof text, &room) >= sizeof text);
            memcpy(room, text, sizeof text);
            atomic_store(&ring.memory->producer.index, ring.own = sizeof text); /* no wake-up */
        }
        if (last >= ENDED)
            ring_end(&ring);
        if (last >= ALL_NOTED)
            rendezvous_set_state(rendezvous, STATE_DONE);
    } else {
        while (last >= STORED && ring_lend(&ring, sizeof text, &bytes) < sizeof text)
            ring_sleep(&ring, SECOND);
        if (last >= STORED)
            atomic_store(&ring.memory->consumer.index, sizeof text);
        if (last >= ALL_NOTED)
            rendezvous_set_state(rendezvous, STATE_DONE);
    }
    raise(SIGKILL);
    _exit(9);
}

static void dies(enum member_role member, enum step last, int wanted)
{
    int status;
    char got[2 * sizeof text];
    const pid_t living = survivor(member == PRODUCER ? CONSUMER : PRODUCER);
    const pid_t dying = victim(member, last);
    check(living > 0 && dying > 0);
    check(waitpid(dying, &status, 0) == dying && WIFSIGNALED(status));
    check(WTERMSIG(status) == SIGKILL);
    check(waitpid(living, &status, 0) == living && WIFEXITED(status));
    check(WEXITSTATUS(status) == wanted);
    if (member == CONSUMER)
        return;
    const int file = open(output, O_RDONLY);
    const ssize_t size = read(file, got, sizeof got);
    check(size >= 0 && close(file) == 0);
    check(wanted == EXIT_DONE ? size == sizeof text : size <= (ssize_t)sizeof text);
    check(memcmp(got, text, (size_t)size) == 0);
}

int main(void)
{
    make_folder();
    snprintf(input, sizeof input, "%s/input", folder);
    snprintf(output, sizeof output, "%s/output", folder);
    FILE *file = fopen(input, "w");
    check(file != NULL && fwrite(text, sizeof text, 1, file) == 1 && fclose(file) == 0);
    memory = shared_memory(ring_size(SIZE));
    check(memory != NULL);

    /* first: who goes on may leave before the kernel has let go of the other's lock */
    dies(PRODUCER, ALL_NOTED, EXIT_DONE);
    dies(CONSUMER, ALL_NOTED, EXIT_DONE);
    dies(PRODUCER, JOINED, EXIT_PEER); /* and cleans up */
    dies(PRODUCER, STORED, EXIT_PEER);
    dies(PRODUCER, ENDED, EXIT_PEER); /* only the rendezvous is believed */
    dies(CONSUMER, JOINED, EXIT_PEER);
    dies(CONSUMER, STORED, EXIT_PEER);
    check(unlink(input) == 0 && unlink(output) == 0 && rmdir(folder) == 0); /* nothing is left */
    return 0;
}
