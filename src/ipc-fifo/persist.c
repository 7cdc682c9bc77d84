/* SPDX-License-Identifier: MIT
 * ipc-fifo persist: what stays of a FIFO. Its name until unlink(), its bytes while it is open.
 *
 * Usage: ipc-fifo persist [--pace SECONDS | --step]
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

enum { SIZE = 4096, ASKED_MODE = 0666, MASK = 027 };

static char path[PATH_SIZE], bytes[SIZE];

static void send_all(struct narration *n);
static void narrate_status(struct narration *n, const char *remark);

int fifo_persist(const struct role *role, int argc, char **argv)
{
    struct narration *n = begin_lesson(
        role, argc, argv, "A FIFO is a file. Are its bytes in the file?", "one process", NULL);
    fifo_own_path(path, "persist", "fifo");
    narrate(n, LEFT, "umask(%03o)", MASK);
    umask(MASK);
    narrate(n, LEFT, "mkfifo(\"fifo\", %04o)", ASKED_MODE);
    or_fail(mkfifo(path, ASKED_MODE), "mkfifo", path);
    narrate_status(n, "   the mode less the umask");
    narrate_mistake(n, "closing it, and expecting the bytes to wait for the next reader");
    int reader = narrate_open(n, LEFT, path, O_RDONLY | O_NONBLOCK, NULL);
    send_all(n);
    narrate_status(n, "   they are in the kernel");
    narrate(n, LEFT, "close(%d)   the last one that had it open", reader);
    close(reader);
    narrate_status(n, "   the name stays");
    reader = narrate_open(n, LEFT, path, O_RDONLY | O_NONBLOCK, NULL);
    const ssize_t lost = read_some(reader, bytes, SIZE);
    narrate(n, LEFT, "read(%d) = %zd   they are gone", reader, lost);
    narrate_right(n, "somebody has it open until all is read; in the end unlink()");
    send_all(n);
    const ssize_t kept = read_some(reader, bytes, SIZE);
    narrate(n, LEFT, "read(%d) = %zd   this reader had it open", reader, kept);
    narrate(n, LEFT, "unlink(\"fifo\")");
    or_fail(unlink(path), "unlink", path);
    narrate_status(n, "");
    if (lost != 0 || kept != SIZE)
        fail_that(EXIT_FAILED, "%zd bytes survived, then %zd", lost, kept);
    narrate_answer(n,
                   "No. Its name stays in the file system; its bytes end with the last close().");
    return EXIT_DONE;
}

/* A writer that writes, and closes. */
static void send_all(struct narration *n)
{
    const int writer = narrate_open(n, LEFT, path, O_WRONLY, NULL);
    narrate(n, LEFT, "write(%d, %d bytes)", writer, SIZE);
    if (!write_full(writer, bytes, SIZE))
        fail("write", path);
    narrate(n, LEFT, "close(%d)", writer);
    close(writer);
}

static void narrate_status(struct narration *n, const char *remark)
{
    struct stat status;
    if (stat(path, &status) == -1)
        narrate(n, LEFT, "stat(\"fifo\") = -1  %s", error_name(errno));
    else
        narrate(n, LEFT, "stat(\"fifo\") = mode %04o, size %lld%s",
                (unsigned)status.st_mode & 07777, (long long)status.st_size, remark);
}
