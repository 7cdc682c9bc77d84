/* SPDX-License-Identifier: MIT
 * ipc-shm copies: 1 MiB from a file to a file, over a pipe and over a segment. How often is each
 * byte copied?
 *
 * Usage: ipc-shm copies [--pace SECONDS | --step]
 *
 * Counted from the calls that were made: each read() and write() copies its bytes once, between the
 * kernel and this process; a store into shared memory copies nothing more.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"
#include "ipc/rendezvous/objects.h"

#include <sys/shm.h>

enum { TOTAL = 1 << 20, BLOCK_SIZE = 64 * 1024 };

/* What each of the two has copied, in memory that both share. */
static struct tally {
    uint64_t read, written;
} * tallies;

static struct narration *n;

static uint64_t over_pipe(int from, int to);
static uint64_t over_segment(int from, int to);
static int new_file(bool filled);
static size_t read_block(enum column side, int descriptor, char *block);
static void write_block(enum column side, int descriptor, const char *block, size_t size);
static uint64_t report(pid_t child);

int shm_copies(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "From one file to another, by two processes: how often is each byte copied?",
                     "producer", "consumer (child)");
    tallies = shared_memory(2 * sizeof *tallies);
    narrate_text(n, "-> over a pipe: file to memory, to the pipe, to memory, to the file");
    const uint64_t pipe_copies = over_pipe(new_file(true), new_file(false));
    narrate_text(n, "-> over a segment: file to shared memory, shared memory to the file");
    const uint64_t segment_copies = over_segment(new_file(true), new_file(false));
    narrate_answer(n, "%ju times over a pipe, %ju times over shared memory.",
                   (uintmax_t)pipe_copies, (uintmax_t)segment_copies);
    return EXIT_DONE;
}

static uint64_t over_pipe(int from, int to)
{
    static char block[BLOCK_SIZE];
    int ends[2];
    or_fail(pipe(ends), "pipe", NULL);
    narrate(n, LEFT, "pipe() = {%d read, %d write}", ends[0], ends[1]);
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        close(ends[1]);
        for (size_t got; (got = read_block(RIGHT, ends[0], block)) > 0;)
            write_block(RIGHT, to, block, got);
        _exit(EXIT_DONE);
    }
    close(ends[0]);
    for (size_t got; (got = read_block(LEFT, from, block)) > 0;)
        write_block(LEFT, ends[1], block, got);
    close(ends[1]);
    return report(child);
}

/* The segment holds all of it: the child begins when the parent has read everything into it. */
static uint64_t over_segment(int from, int to)
{
    key_t key;
    note_key(SYSV_SEGMENT, &key); /* before it exists: if we are killed, the next one removes it */
    const int id = shmget(key, TOTAL, IPC_CREAT | IPC_EXCL | 0600);
    if (id == -1)
        fail_shmget(NULL, TOTAL);
    narrate(n, LEFT, "shmget(KEY, 1<<20, IPC_CREAT|IPC_EXCL|0600) = %d", id);
    char *segment = memory_or_fail(shmat(id, NULL, 0), "shmat", NULL);
    narrate(n, LEFT, "shmat(%d, NULL, 0)\n= %p", id, (void *)segment);
    /* it lasts until the last of the two has gone */
    or_fail(shmctl(id, IPC_RMID, NULL), "shmctl", "IPC_RMID");
    narrate(n, LEFT, "shmctl(%d, IPC_RMID)", id);
    struct gate gate = new_gate();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        for (size_t at = pass_gate(&gate) ? 0 : TOTAL; at < TOTAL; at += BLOCK_SIZE)
            write_block(RIGHT, to, segment + at, BLOCK_SIZE);
        _exit(EXIT_DONE);
    }
    for (size_t at = 0, got; at < TOTAL && (got = read_block(LEFT, from, segment + at)) > 0;)
        at += got;
    open_gate(&gate, 1);
    return report(child);
}

static int new_file(bool filled)
{
    FILE *file = tmpfile();
    if (file == NULL)
        fail("tmpfile", NULL);
    for (int i = 0; filled && i < TOTAL; i++)
        putc(i * 31 & 0xff, file);
    if (fflush(file) == EOF || fseek(file, 0, SEEK_SET) == -1)
        fail("write", "temporary file");
    return fileno(file);
}

static size_t read_block(enum column side, int descriptor, char *block)
{
    const ssize_t got = read_some(descriptor, block, BLOCK_SIZE);
    if (got == -1)
        fail("read", NULL);
    tallies[side].read += (uint64_t)got;
    return (size_t)got;
}

static void write_block(enum column side, int descriptor, const char *block, size_t size)
{
    if (write_full(descriptor, block, size))
        tallies[side].written += size;
    else if (errno != EPIPE) /* of a reader that died, report() tells */
        fail("write", NULL);
}

static uint64_t report(pid_t child)
{
    uint64_t copied = 0;
    reap_successful(child, "child");
    for (enum column side = LEFT; side <= RIGHT; side++) {
        narrate(n, side, "read() %ju, write() %ju", (uintmax_t)tallies[side].read,
                (uintmax_t)tallies[side].written);
        copied += tallies[side].read + tallies[side].written;
    }
    narrate_text(n, "   each byte copied %.1f times", (double)copied / TOTAL);
    memset(tallies, 0, 2 * sizeof *tallies);
    return copied / TOTAL;
}
