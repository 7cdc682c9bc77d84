/*
 * ipc-shm copies: 1 MiB from a file to a file, over a pipe and over a segment. How often is each
 * byte copied?
 *
 * Usage: ipc-shm copies [--pace SECONDS]
 *
 * Counted from the calls that were made: each read() and write() copies its bytes once, between the
 * kernel and this process; a store into shared memory copies nothing more.
 */
#include "shm.h"

#include "ipc/narration/lesson.h"

#include <sys/shm.h>

enum { TOTAL = 1024 * 1024, BLOCK_SIZE = 64 * 1024 };

/* What one process has copied, in memory that both share. */
struct tally {
    uint64_t read, written, calls;
};

static struct narration *n;

static uint64_t over_pipe(struct tally tallies[2]);
static uint64_t over_segment(struct tally tallies[2]);
static int new_file(bool filled);
static size_t counted_read(struct tally *tally, int descriptor, void *bytes, size_t size);
static bool counted_write(struct tally *tally, int descriptor, const char *bytes, size_t size);
static uint64_t report(struct tally tallies[2]);

int shm_copies(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv,
                     "From one file to another, by two processes: how often is each byte copied?",
                     "producer", "consumer");
    struct tally *tallies = shared_memory(4 * sizeof *tallies);
    if (tallies == NULL)
        fail("mmap", NULL);
    narrate_text(n, "-> over a pipe: file to memory, to the pipe, to memory, to the file");
    const uint64_t pipe_copies = over_pipe(tallies);
    narrate_text(n, "-> over a segment: file to shared memory, shared memory to the file");
    const uint64_t segment_copies = over_segment(tallies + 2);
    narrate_text(n, "%ju times over a pipe, %ju times over shared memory.", (uintmax_t)pipe_copies,
                 (uintmax_t)segment_copies);
    return EXIT_DONE;
}

static uint64_t over_pipe(struct tally tallies[2])
{
    static char block[BLOCK_SIZE];
    int ends[2];
    const int from = new_file(true), to = new_file(false);
    or_fail(pipe(ends), "pipe", NULL);
    const pid_t child = start_child();
    if (child == 0) {
        close(ends[1]);
        for (size_t got; (got = counted_read(&tallies[1], ends[0], block, BLOCK_SIZE)) > 0;)
            counted_write(&tallies[1], to, block, got);
        _exit(EXIT_DONE);
    }
    close(ends[0]);
    for (size_t got; (got = counted_read(&tallies[0], from, block, BLOCK_SIZE)) > 0;)
        if (!counted_write(&tallies[0], ends[1], block, got))
            break;
    close(ends[1]);
    reap_successful(child, "child");
    return report(tallies);
}

/* The segment holds all of it: the child begins when the parent has read everything into it. */
static uint64_t over_segment(struct tally tallies[2])
{
    const int from = new_file(true), to = new_file(false);
    const int id = shmget(IPC_PRIVATE, TOTAL, IPC_CREAT | 0600);
    if (id == -1)
        fail_shmget("IPC_PRIVATE", TOTAL);
    char *segment = shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL); /* it lasts until the last of the two has gone */
    if (segment == (void *)-1)
        fail("shmat", NULL);
    struct gate gate = new_gate();
    const pid_t child = start_child();
    if (child == 0) {
        if (pass_gate(&gate))
            counted_write(&tallies[1], to, segment, TOTAL);
        _exit(EXIT_DONE);
    }
    for (size_t filled = 0; filled < TOTAL;)
        filled += counted_read(&tallies[0], from, segment + filled, TOTAL - filled);
    open_gate(&gate, 1);
    reap_successful(child, "child");
    close_gate(&gate);
    shmdt(segment);
    return report(tallies);
}

static int new_file(bool filled)
{
    FILE *file = tmpfile();
    if (file == NULL)
        fail("tmpfile", NULL);
    for (int i = 0; filled && i < TOTAL; i++)
        putc(i * 31 & 0xff, file);
    if (fflush(file) == EOF)
        fail("write", "temporary file");
    rewind(file);
    return fileno(file);
}

static size_t counted_read(struct tally *tally, int descriptor, void *bytes, size_t size)
{
    const ssize_t got = read_some(descriptor, bytes, size);
    if (got == -1)
        fail("read", NULL);
    tally->read += (uint64_t)got;
    tally->calls++;
    return (size_t)got;
}

/* False when nobody is left to read it: EPIPE. */
static bool counted_write(struct tally *tally, int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = write_some(descriptor, bytes, size);
        if (written == -1 && errno == EPIPE)
            return false;
        if (written == -1)
            fail("write", NULL);
        tally->written += (uint64_t)written;
        tally->calls++;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

static uint64_t report(struct tally tallies[2])
{
    const uint64_t copied =
        tallies[0].read + tallies[0].written + tallies[1].read + tallies[1].written;
    for (enum column side = LEFT; side <= RIGHT; side++)
        narrate(n, side, "read %ju, wrote %ju", (uintmax_t)tallies[side].read,
                (uintmax_t)tallies[side].written);
    narrate_text(n, "   each byte copied %.1f times, in %ju calls", (double)copied / TOTAL,
                 (uintmax_t)(tallies[0].calls + tallies[1].calls));
    return copied / TOTAL;
}
