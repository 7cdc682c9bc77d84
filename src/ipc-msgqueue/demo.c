/* SPDX-License-Identifier: MIT
 * ipc-msgqueue demo: the textbook queue, its waiting made visible.
 *
 * Usage: ipc-msgqueue demo [--pace SECONDS | --step]
 *
 * The parent sends three lines, the child receives them: ftok, msgget, fork, msgsnd, msgrcv,
 * msgctl. Whole messages arrive, and what one of them says is data: the end is an empty one.
 */
#include "msgqueue.h"

#include "ipc/narration/lesson.h"

#include <inttypes.h>

static struct narration *n;

static int make_queue(void);
static void receive_lines(int id);
static void send_line(int id, const char *text);

int msgqueue_demo(const struct role *role, int argc, char **argv)
{
    n = begin_lesson(role, argc, argv, NULL, "parent", "child");
    const int id = make_queue();
    const pid_t child = narrate_fork(n, LEFT, "");
    if (child == 0) {
        receive_lines(id);
        _exit(EXIT_DONE);
    }
    watch_children();
    narrate_text(n, "with --step, from a second terminal: ipcs -q -i %d", id);
    narration_pause(n, 40 * MILLISECOND); /* so that the child is seen waiting */
    send_line(id, "hello, queue");
    send_line(id, "end");
    narration_pause(n, 20 * MILLISECOND);
    send_line(id, "end was data");
    send_line(id, "");

    const int status = narrate_wait(n, LEFT, child);
    narrate(n, LEFT, "msgctl(%d, IPC_RMID)   or it stays", id);
    or_fail(msgctl(id, IPC_RMID, NULL), "msgctl IPC_RMID", NULL);
    end_as_child(child, "child", status);
    return EXIT_DONE;
}

/*
 * note_key() calls ftok() on a file of ours, and writes the key down in it: if this process is
 * killed, the next one removes the queue. IPC_EXCL: an object that has the key already is not ours.
 */
static int make_queue(void)
{
    key_t key;
    note_key(SYSV_QUEUE, &key);
    narrate(n, LEFT, "ftok(our FILE, %" PRIu32 ") = 0x%08" PRIx32, (uint32_t)key >> 24,
            (uint32_t)key);
    const int id = or_fail(msgget(key, IPC_CREAT | IPC_EXCL | 0600), "msgget", NULL);
    narrate(n, LEFT, "msgget(0x%08" PRIx32 ", IPC_CREAT|IPC_EXCL|0600) = %d", (uint32_t)key, id);
    const unsigned long room = (unsigned long)queue_status(id, NULL).msg_qbytes;
    narrate(n, LEFT, "msgctl(IPC_STAT): %lu bytes", room);
    if (room < TEXT_MOST) /* msgsnd() would wait for ever */
        fail_that(EXIT_FAILED, "too few bytes for a message: see /proc/sys/kernel/msgmnb");
    return id;
}

static void receive_lines(int id)
{
    struct line line;
    ssize_t got;
    start_wakeup_timer(); /* for a signal that comes right before the call */
    do {
        narrate_call(n, RIGHT, "msgrcv(%d)", id);
        do
            got = msgrcv(id, &line, sizeof line.text, 0, 0);
        while (got == -1 && interrupted());
        if (got == -1)
            fail("msgrcv", NULL);
        narrate_return(n, "it was empty", "%zd  %s", got,
                       got > 0 ? quoted(line.text, (size_t)got).text : "empty: the end");
    } while (got > 0);
    narrate(n, RIGHT, "Finished receiving");
}

/* So few bytes fit: it does not sleep. */
static void send_line(int id, const char *text)
{
    struct line line = {.type = 1};
    const size_t size = strlen(text); /* without the type; a message needs no '\0' */
    memcpy(line.text, text, size);
    narrate(n, LEFT, "msgsnd(%d, %s)", id, size > 0 ? quoted(text, size).text : "0 bytes");
    or_fail(msgsnd(id, &line, size, 0), "msgsnd", NULL);
}
