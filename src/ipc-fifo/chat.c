/* SPDX-License-Identifier: MIT
 * The chat of two terminals: user1 and user2 take turns, a line each, over one FIFO each way.
 *
 * Usage: ipc-fifo user1|user2 [--name NAME | --path FILE] [OPTION]...
 *
 * No read sleeps through the peer's end: when the peer leaves or dies the kernel closes its ends
 * (POLLHUP, POLLERR), and the rendezvous says which of the two it was.
 */
#include "fifo.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/common/io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const users[MEMBER_ROLES] = {"user1", "user2"};
static const char *const prompts[MEMBER_ROLES] = {"user1: ", "user2: "};
static struct fifo fifo = {.pair = {.check = fifo_read_mode, .rendezvous.words = users}};
static enum member_role own, peer;
static int from, to;
static bool at_terminal, input_ended;

static void note_leaving(const char *name, int id);
static bool say_line(void);
static void hear_line(void);
static char *read_line(int descriptor, size_t *size);
static void show(const char *prompt, const char *line, size_t size);
static _Noreturn void end_without_peer(void);

int chat(const struct role *role, int argc, char **argv, bool is_first)
{
    struct pair *pair = &fifo.pair;
    const struct option_row options[] = {
        OPTION_NAME(&pair->name),
        OPTION_PATH(pair, "the FIFOs FILE.user1 and FILE.user2 instead"),
        OPTION_TIMEOUT(&pair->timeout),
        OPTION_QUIET,
        {0}};
    begin_pair(role, argc, argv, options, CONSUMER, pair); /* neither has a FILE to send */
    own = is_first ? PRODUCER : CONSUMER;
    peer = is_first ? CONSUMER : PRODUCER;
    at_terminal = isatty(STDIN_FILENO);

    fifo_join(&fifo, own, true);
    undo_at_end(note_leaving, "", 0); /* runs before we leave the rendezvous: last in, first out */
    /* the reader's end needs nobody; the writer's waits until the peer has opened its own */
    from = fifo_open_end(is_first ? fifo.back : fifo.path, O_RDONLY);
    if (!rendezvous_await(&fifo.pair.rendezvous, peer, pair->deadline))
        fail_that(EXIT_PEER, "%s did not come in time", users[peer]);
    /* the peer has come, and opens its reading end; or it has left or died by now */
    while ((to = fifo_open_end(is_first ? fifo.path : fifo.back, O_WRONLY)) == -1) {
        if (rendezvous_peers(&fifo.pair.rendezvous, peer).alive == 0)
            end_without_peer();
        sleep_for(MILLISECOND);
    }
    rendezvous_tell_peer(&pair->rendezvous);
    say("%s begins; a line each, in turns; %s", users[PRODUCER],
        at_terminal ? "Ctrl-D ends" : "the end of the input ends");
    if (!is_first)
        hear_line();
    while (say_line())
        hear_line();
    input_ended = true;
    if (at_terminal)
        show("\n", "", 0);
    return EXIT_DONE;
}

/* The peer is told before we are gone that we left, by the end of input or by a signal. */
static void note_leaving(const char *name, int id)
{
    (void)name;
    (void)id;
    if (input_ended || ending_signal != 0)
        rendezvous_set_state(&fifo.pair.rendezvous, STATE_DONE);
}

/*
 * Our turn: a line of standard input. False at its end: we leave. A line that waits here already is
 * told like one that no terminal shows: after a prompt of its own it would be our turn no more.
 */
static bool say_line(void)
{
    size_t size;
    const bool asks = at_terminal && !wait_ready(STDIN_FILENO, POLLIN, 0);
    if (asks)
        show(prompts[own], "", 0);
    char *line = read_line(STDIN_FILENO, &size);
    if (size > 0 && !asks)
        show(prompts[own], line, size);
    if (!write_full(to, line, size)) {
        if (errno == EPIPE)
            end_without_peer();
        fail("write", "fifo");
    }
    free(line);
    return size > 0;
}

static void hear_line(void)
{
    size_t size;
    char *line = read_line(from, &size);
    if (size == 0)
        end_without_peer();
    show(prompts[peer], line, size);
    free(line);
}

/*
 * Reads a line, and ends it with a newline if the input ends without one; *size is 0 at the end of
 * the input. The caller frees it. Whatever is waited for, the peer's end is noticed, too.
 */
static char *read_line(int descriptor, size_t *size)
{
    char *line = NULL;
    for (*size = 0; *size == 0 || line[*size - 1] != '\n';) {
        struct pollfd watched[] = {{.fd = descriptor, .events = POLLIN}, {.fd = to}};
        end_if_signalled();
        if (poll(watched, 2, -1) == -1 && !interrupted())
            fail("poll", NULL);
        if ((watched[1].revents & POLLERR) != 0 && (watched[0].revents & POLLIN) == 0)
            end_without_peer();
        if (watched[0].revents == 0)
            continue;
        line = realloc(line, *size + 1);
        if (line == NULL)
            fail("realloc", NULL);
        line[*size] = '\n'; /* stays there if the input ends without one */
        const ssize_t got = read_some(descriptor, line + *size, 1); /* no byte of the next line */
        if (got == -1 && errno != EAGAIN)
            fail("read", descriptor == from ? "fifo" : "standard input");
        if (got == 0 && *size == 0)
            break;
        *size += got != -1;
    }
    return line;
}

static void show(const char *prompt, const char *line, size_t size)
{
    print_bytes(prompt, strlen(prompt));
    print_bytes(line, size);
}

/* The peer has closed its ends, a moment before the kernel lets go of its lock. */
static void end_without_peer(void)
{
    struct peers peers;
    const uint64_t until = now() + SECOND; /* longer: it was another program's end */
    while ((peers = rendezvous_peers(&fifo.pair.rendezvous, peer)).alive > 0 && now() < until)
        sleep_for(MILLISECOND);
    if (at_terminal)
        show("\n", "", 0);
    if (peers.died > 0)
        fail_that(EXIT_PEER, "%s (pid %ld) died", users[peer], (long)peers.dead_pid);
    if (peers.done == 0)
        fail_that(EXIT_PEER, "%s ended by an error", users[peer]);
    say("%s has left", users[peer]);
    exit(EXIT_DONE);
}
