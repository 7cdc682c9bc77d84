/* SPDX-License-Identifier: MIT
 * ipc-msgqueue bench: what a round trip over two queues and a stream through one cost.
 *
 * Usage: ipc-msgqueue bench [--size SIZE]… [--wait block|spin] [--cpus same|two|both|free]
 * [OPTION]…
 */
#include "msgqueue.h"
#include "platform.h"

#include "ipc/bench/bench.h"
#include "ipc/rendezvous/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <unistd.h>

static int ids[2]; /* by direction */
static mqd_t descriptors[2];
static size_t handles[2];
static struct message *message;

static bench_action open_sysv, open_posix;
static bench_send send_sysv, send_posix;
static bench_receive receive_sysv, receive_posix;
static void close_sysv(void), close_posix(void);

int msgqueue_bench(const struct role *role, int argc, char **argv)
{
    struct sysv_queue_limits sysv;
    struct posix_queue_limits posix;
    sysv_queue_limits(&sysv);
    posix_queue_limits(&posix);
    const struct bench_variant variants[] = {
        VARIANT("sysv", .most = sysv.msgmax < sysv.msgmnb ? sysv.msgmax : sysv.msgmnb,
                .limit = "/proc/sys/kernel/msgmax and msgmnb", .open = open_sysv, .send = send_sysv,
                .receive = receive_sysv, .close = close_sysv),
        VARIANT("posix", .most = posix.size, .limit = "/proc/sys/fs/mqueue/msgsize_max",
                .open = open_posix, .send = send_posix, .receive = receive_posix,
                .close = close_posix),
        {0}};
    return run_bench(role, argc, argv, variants);
}

static void open_sysv(const struct bench_case *bench)
{
    message = message_of(bench->size);
    message->type = 1;
    for (int i = 0; i < 2; i++) {
        key_t key;
        handles[i] = note_key(SYSV_QUEUE, &key);
        ids[i] = or_fail(msgget(key, IPC_CREAT | IPC_EXCL | 0600), "msgget", NULL);
        if (queue_status(ids[i], NULL).msg_qbytes < bench->size) /* msgsnd() would wait for ever */
            fail_that(EXIT_FAILED, "a queue does not hold %zu bytes: /proc/sys/kernel/msgmnb",
                      bench->size);
    }
}

static void send_sysv(const struct bench_case *bench, enum direction way, const void *bytes)
{
    const int flags = bench->wait == WAIT_SPIN ? IPC_NOWAIT : 0;
    memmove(message->text, bytes, bench->size); /* an echo sends what it has there already */
    while (msgsnd(ids[way], message, bench->size, flags) == -1)
        bench_retry("msgsnd");
}

static const void *receive_sysv(const struct bench_case *bench, enum direction way, void *buffer)
{
    const int flags = bench->wait == WAIT_SPIN ? IPC_NOWAIT : 0;
    (void)buffer;
    while (msgrcv(ids[way], message, bench->size, 0, flags) == -1)
        bench_retry("msgrcv");
    return message->text;
}

static void close_sysv(void)
{
    remove_object(handles[THERE]);
    remove_object(handles[BACK]);
    free(message);
}

/* Noted before it exists; unlinked as soon as it is open: needed by nobody else. */
static void open_posix(const struct bench_case *bench)
{
    char name[POSIX_NAME_SIZE], own[32];
    const int flags = O_RDWR | O_CREAT | O_EXCL | (bench->wait == WAIT_SPIN ? O_NONBLOCK : 0);
    const struct mq_attr attributes = {.mq_maxmsg = 10, .mq_msgsize = (long)bench->size};
    snprintf(own, sizeof own, "bench-%ld", (long)getpid());
    posix_name(name, "msgqueue", own);
    for (int i = 0; i < 2; i++) {
        const size_t handle = note_object(POSIX_QUEUE, name);
        descriptors[i] = mq_open(name, flags, 0600, &attributes);
        if (descriptors[i] == (mqd_t)-1)
            fail("mq_open", name);
        remove_object(handle);
    }
}

static void send_posix(const struct bench_case *bench, enum direction way, const void *bytes)
{
    while (mq_send(descriptors[way], bytes, bench->size, 0) == -1)
        bench_retry("mq_send");
}

static const void *receive_posix(const struct bench_case *bench, enum direction way, void *buffer)
{
    while (mq_receive(descriptors[way], buffer, bench->size, NULL) == -1)
        bench_retry("mq_receive");
    return buffer;
}

static void close_posix(void)
{
    mq_close(descriptors[THERE]);
    mq_close(descriptors[BACK]);
}
