/*
 * ipc-msgqueue bench: what a round trip over two queues and a stream through one cost.
 *
 * Usage: ipc-msgqueue bench [--size SIZE]… [--count N] [--bytes SIZE] [--wait block|spin] [--csv]
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

enum { DEPTH = 10 };

static int ids[2]; /* by direction */
static mqd_t descriptors[2];
static size_t handles[2];
static struct message *message;

static uint64_t most_sysv(void), most_posix(void);
static bench_action open_sysv, open_posix;
static bench_send send_sysv, send_posix;
static bench_receive receive_sysv, receive_posix;
static void close_sysv(void), close_posix(void);

int msgqueue_bench(const struct role *role, int argc, char **argv)
{
    const struct bench_variant variants[] = {{.name = "sysv",
                                              .most = most_sysv(),
                                              .limit = "/proc/sys/kernel/msgmax and msgmnb",
                                              .open = open_sysv,
                                              .send = send_sysv,
                                              .receive = receive_sysv,
                                              .close = close_sysv},
                                             {.name = "posix",
                                              .most = most_posix(),
                                              .limit = "/proc/sys/fs/mqueue/msgsize_max",
                                              .open = open_posix,
                                              .send = send_posix,
                                              .receive = receive_posix,
                                              .close = close_posix},
                                             {0}};
    return run_bench(role, argc, argv, "msgqueue", variants);
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

static void send_sysv(const struct bench_case *bench, enum direction direction, const void *bytes)
{
    memmove(message->text, bytes, bench->size); /* an echo sends what it has there already */
    while (msgsnd(ids[direction], message, bench->size,
                  bench->wait == WAIT_SPIN ? IPC_NOWAIT : 0) == -1)
        bench_retry("msgsnd");
}

static const void *receive_sysv(const struct bench_case *bench, enum direction direction,
                                void *buffer)
{
    (void)buffer;
    while (msgrcv(ids[direction], message, bench->size, 0,
                  bench->wait == WAIT_SPIN ? IPC_NOWAIT : 0) == -1)
        bench_retry("msgrcv");
    return message->text;
}

static void close_sysv(void)
{
    remove_object(handles[THERE]);
    remove_object(handles[BACK]);
    free(message);
}

static uint64_t most_sysv(void)
{
    struct sysv_queue_limits limits;
    if (!sysv_queue_limits(&limits))
        return 0;
    return (uint64_t)(limits.msgmax < limits.msgmnb ? limits.msgmax : limits.msgmnb);
}

/* Noted before it exists; unlinked as soon as it is open: needed by nobody else. */
static void open_posix(const struct bench_case *bench)
{
    char name[POSIX_NAME_SIZE], own[32];
    const int flags = O_RDWR | O_CREAT | O_EXCL | (bench->wait == WAIT_SPIN ? O_NONBLOCK : 0);
    const struct mq_attr attributes = {.mq_maxmsg = DEPTH, .mq_msgsize = (long)bench->size};
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

static void send_posix(const struct bench_case *bench, enum direction direction, const void *bytes)
{
    while (mq_send(descriptors[direction], bytes, bench->size, 0) == -1)
        bench_retry("mq_send");
}

static const void *receive_posix(const struct bench_case *bench, enum direction direction,
                                 void *buffer)
{
    while (mq_receive(descriptors[direction], buffer, bench->size, NULL) == -1)
        bench_retry("mq_receive");
    return buffer;
}

static void close_posix(void)
{
    mq_close(descriptors[THERE]);
    mq_close(descriptors[BACK]);
}

static uint64_t most_posix(void)
{
    struct posix_queue_limits limits;
    posix_queue_limits(&limits);
    return limits.size > 0 ? (uint64_t)limits.size : 0;
}
