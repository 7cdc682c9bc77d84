/*
 * The chat of two terminals: user1 and user2 take turns, a line each, over a FIFO for each
 * direction.
 *
 * Nobody sleeps in a read that only the other can end without hearing of the other's end: when it
 * leaves or dies the kernel closes its ends (POLLHUP, POLLERR), and the rendezvous says which of
 * the two it was.
 */
#include "fifo.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct conversation {
    struct rendezvous *rendezvous;
    enum member_role other;
    const char *own_name, *other_name;
    int from, to;
    bool at_terminal;
};

static void show(const char *text, size_t size)
{
    if (!write_full(STDOUT_FILENO, text, size))
        fail("write", "standard output");
}

/* The other's ends are closed. It let them go a moment before its lock. */
static _Noreturn void end_without_other(const struct conversation *chat)
{
    struct peers peers = rendezvous_peers(chat->rendezvous, chat->other);
    while (peers.alive > 0) {
        sleep_for(MILLISECOND);
        peers = rendezvous_peers(chat->rendezvous, chat->other);
    }
    if (chat->at_terminal)
        show("\n", 1);
    if (peers.died > 0)
        fail_that(EXIT_PEER, "%s (pid %ld) died", chat->other_name, (long)peers.dead_pid);
    if (peers.all_sent + peers.all_received == 0)
        fail_that(EXIT_PEER, "%s ended by an error", chat->other_name);
    say("%s has left", chat->other_name);
    exit(EXIT_DONE);
}

/* Told to the other before we are gone: that we left, by the end of input or by a signal. */
static void note_leaving(const struct conversation *chat)
{
    rendezvous_set_state(chat->rendezvous,
                         chat->other == CONSUMER ? STATE_ALL_SENT : STATE_ALL_RECEIVED, 0);
}

/*
 * Reads until a newline, from the other or from standard input; *size is 0 at the end of file. The
 * caller frees it. Whatever is waited for, the other's end is noticed, too.
 */
static char *read_line(const struct conversation *chat, int descriptor, size_t *size)
{
    char *line = NULL;
    size_t room = 0;
    for (*size = 0; *size == 0 || line[*size - 1] != '\n';) {
        struct pollfd watched[] = {{.fd = descriptor, .events = POLLIN},
                                   {.fd = chat->to, .events = 0}};
        end_if_signalled();
        if (poll(watched, 2, -1) == -1 && !interrupted())
            fail("poll", NULL);
        if ((watched[1].revents & POLLERR) != 0 && (watched[0].revents & POLLIN) == 0)
            end_without_other(chat);
        if (watched[0].revents == 0)
            continue;
        if (*size == room) {
            room = room == 0 ? 256 : 2 * room;
            line = realloc(line, room);
            if (line == NULL)
                fail("realloc", NULL);
        }
        const ssize_t got = read_some(descriptor, line + *size, 1); /* no byte of the next line */
        if (got == -1 && errno != EAGAIN)
            fail("read", descriptor == chat->from ? "fifo" : "standard input");
        if (got == 0)
            break;
        *size += got > 0;
    }
    return line;
}

/* Our turn: a line of standard input. False at its end: we leave. */
static bool say_line(const struct conversation *chat)
{
    char prompt[16];
    size_t size;
    snprintf(prompt, sizeof prompt, "%s: ", chat->own_name);
    if (chat->at_terminal)
        show(prompt, strlen(prompt));
    char *line = read_line(chat, STDIN_FILENO, &size);
    if (size > 0 && !chat->at_terminal) {
        show(prompt, strlen(prompt));
        show(line, size);
    }
    if (size > 0 && line[size - 1] != '\n' && !chat->at_terminal)
        show("\n", 1);
    for (size_t sent = 0; sent < size;) {
        const ssize_t written = write_some(chat->to, line + sent, size - sent);
        if (written == -1 && errno == EPIPE)
            end_without_other(chat);
        if (written == -1 && errno != EAGAIN)
            fail("write", "fifo");
        if (written == -1)
            wait_ready(chat->to, POLLOUT, -1);
        sent += written > 0 ? (size_t)written : 0;
    }
    if (size > 0 && line[size - 1] != '\n' && write_some(chat->to, "\n", 1) != 1)
        end_without_other(chat);
    free(line);
    return size > 0;
}

static void hear_line(const struct conversation *chat)
{
    size_t size;
    char *line = read_line(chat, chat->from, &size);
    if (size == 0)
        end_without_other(chat);
    char prompt[16];
    snprintf(prompt, sizeof prompt, "%s: ", chat->other_name);
    show(prompt, strlen(prompt));
    show(line, size);
    if (line[size - 1] != '\n')
        show("\n", 1);
    free(line);
}

/* What the first says goes through the one, what the second says through the other. */
static void name_fifos(struct fifo *fifo)
{
    char name[PATH_SIZE];
    snprintf(name, sizeof name, "%s", fifo->path);
    if (snprintf(fifo->path, PATH_SIZE, "%s.user1", name) >= PATH_SIZE ||
        snprintf(fifo->back, PATH_SIZE, "%s.user2", name) >= PATH_SIZE) {
        errno = ENAMETOOLONG;
        fail("mkfifo", name);
    }
}

static struct conversation conversation; /* for the way out */

static void note_signal(const char *name, int id)
{
    (void)name;
    (void)id;
    if (signalled())
        note_leaving(&conversation);
}

int chat(const struct role *role, int argc, char **argv, bool is_first)
{
    static const char *const users[MEMBER_ROLES] = {"user1", "user2"};
    static struct fifo fifo = {.rendezvous = {.words = users}};
    const enum member_role own = is_first ? PRODUCER : CONSUMER;
    double timeout = NOT_GIVEN;
    const struct option_row options[] = {OPTION_NAME(&fifo.name),
                                         {.name = "path",
                                          .argument = "FILE",
                                          .text = &fifo.given_path,
                                          .help = "the FIFOs FILE.user1 and FILE.user2 instead"},
                                         OPTION_TIMEOUT(&timeout),
                                         OPTION_QUIET,
                                         {0}};
    parse_arguments(role, argc, argv, options, 0);
    fifo_locate(role, &fifo);
    const uint64_t wait = nanoseconds_of(timeout);
    const uint64_t deadline = wait == UINT64_MAX ? UINT64_MAX : now() + wait;
    conversation.other = is_first ? CONSUMER : PRODUCER;
    conversation.own_name = users[own];
    conversation.other_name = users[conversation.other];
    conversation.at_terminal = isatty(STDIN_FILENO);
    name_fifos(&fifo);

    fifo_join(&fifo, own, true, deadline);
    conversation.rendezvous = &fifo.rendezvous;
    undo_at_end(note_signal, "", 0); /* before the rendezvous is left: the last is the first */
    /* the reader's end needs nobody; the writer's waits until the other has opened its own */
    conversation.from = fifo_open_read(is_first ? fifo.back : fifo.path);
    if (!rendezvous_await(conversation.rendezvous, conversation.other, deadline))
        fail_that(EXIT_PEER, "%s did not come in time", conversation.other_name);
    /* the other has come, and opens its reading end; or it has left or died by now */
    while ((conversation.to = fifo_try_write(is_first ? fifo.path : fifo.back)) == -1) {
        if (rendezvous_peers(conversation.rendezvous, conversation.other).alive == 0)
            end_without_other(&conversation);
        sleep_for(MILLISECOND);
    }

    if (!is_first)
        hear_line(&conversation);
    while (say_line(&conversation))
        hear_line(&conversation);
    note_leaving(&conversation);
    if (conversation.at_terminal)
        show("\n", 1);
    return EXIT_DONE;
}
