/*
 * ipc-fifo persist: what stays of a FIFO. Its name, until somebody unlinks it; its bytes only while
 * it is open.
 *
 * Usage: ipc-fifo persist [--pace SECONDS]
 */
#include "fifo.h"

#include "ipc/narration/lesson.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { SIZE = 4096, ASKED_MODE = 0666, MASK = 027 };

static void narrate_status(struct narration *n, const char *path);

int fifo_persist(const struct role *role, int argc, char **argv)
{
    static char path[PATH_SIZE], bytes[SIZE];
    struct narration *n = begin_lesson(
        role, argc, argv, "A FIFO is a file. Are its bytes in the file?", "one process", NULL);
    fifo_own_path(path, "persist", "fifo");
    narrate(n, LEFT, "umask(%03o)", MASK);
    umask(MASK);
    narrate(n, LEFT, "mkfifo(path, %04o)", ASKED_MODE);
    or_fail(mkfifo(path, ASKED_MODE), "mkfifo", path);
    narrate_status(n, path);
    narrate(n, LEFT, "  the mode that was asked for, less the umask: %04o & ~%03o", ASKED_MODE,
            MASK);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    const int writer = open(path, O_WRONLY);
    if (reader == -1 || writer == -1)
        fail("open", path);
    narrate(n, LEFT, "open() = %d read, %d write", reader, writer);
    narrate(n, LEFT, "write(%d, %d bytes)", writer, SIZE);
    if (!write_full(writer, bytes, SIZE))
        fail("write", path);
    narrate_status(n, path);
    narrate_text(n, "-> the mistake: to close, and hope that the bytes wait for the next reader");
    narrate(n, LEFT, "close(%d), close(%d)", reader, writer);
    close(reader);
    close(writer);
    narrate_status(n, path);
    reader = open(path, O_RDONLY | O_NONBLOCK);
    const ssize_t got = read_some(reader, bytes, SIZE);
    narrate(n, LEFT, "open() = %d, read(%d) = %zd   they are gone", reader, reader, got);
    close(reader);
    narrate_text(n, "-> right: somebody holds it open until all is read; and in the end:");
    narrate(n, LEFT, "unlink(path)");
    or_fail(unlink(path), "unlink", path);
    narrate_status(n, path);
    if (got != 0)
        fail_that(EXIT_FAILED, "%zd bytes survived", got);
    narrate_text(n,
                 "No: the name stays until unlink, the bytes are in the kernel while it is open.");
    return EXIT_DONE;
}

static void narrate_status(struct narration *n, const char *path)
{
    struct stat status;
    if (stat(path, &status) == -1)
        narrate(n, LEFT, "stat() = -1   %s", strerror(errno));
    else
        narrate(n, LEFT, "stat(): a FIFO, mode %04o, size %lld", (unsigned)status.st_mode & 07777,
                (long long)status.st_size);
}
