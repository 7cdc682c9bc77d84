/*
 * The queue of the pair: found by its rendezvous, made by whoever comes first.
 */
#include "msgqueue.h"

#include "ipc/cleanup.h"
#include "ipc/clock.h"
#include "ipc/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PROJECTS = 255, POSIX_DEPTH = 10, POSIX_SIZE = 8192, NO_KEY = 0 };

const char *const families[] = {"sysv", "posix", NULL};

static key_t parse_key(const struct role *role, const char *text)
{
    const bool hexadecimal = strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0;
    const char *digits = text + (hexadecimal ? 2 : *text == '-' ? 1 : 0);
    const char *allowed = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
    errno = 0;
    const long long value = strtoll(text, NULL, hexadecimal ? 16 : 10);
    /* key_t is signed, and programs print it both ways */
    if (*digits == '\0' || digits[strspn(digits, allowed)] != '\0' || errno != 0 || value == 0 ||
        value < INT32_MIN || value > UINT32_MAX)
        usage_error(role, "--key: '%s' is not a key from 1 to 0xffffffff", text);
    return (key_t)(uint32_t)value;
}

void queue_check_options(const struct role *role, struct queue *queue)
{
    if (queue->key_text != NULL) {
        if (queue->family == POSIX)
            usage_error(role, "--key is for --api sysv: a POSIX queue has a name");
        if (queue->name != NULL)
            usage_error(role, "--key stands instead of --name: one of them");
        queue->key = parse_key(role, queue->key_text);
        /* '=' stands in no --name, so the two cannot meet */
        snprintf(queue->session_name, sizeof queue->session_name, "key=0x%08" PRIx32,
                 (uint32_t)queue->key);
        return;
    }
    const char *name = queue->name != NULL ? queue->name : "default";
    check_name(role, name);
    snprintf(queue->session_name, sizeof queue->session_name, "%s", name);
    posix_name(queue->posix_name, "msgqueue", name, "");
}

/*
 * A queue of a maker who died between noting the key and noting the id. Ours only if nobody has
 * used it: should somebody else have made it in that moment, it stays.
 */
static void remove_by_key(key_t key)
{
    struct msqid_ds status;
    const int id = msgget(key, 0);
    if (id != -1 && msgctl(id, IPC_STAT, &status) == 0 && status.msg_perm.cuid == geteuid() &&
        status.msg_stime == 0 && status.msg_rtime == 0)
        msgctl(id, IPC_RMID, NULL);
}

void queue_remove_objects(const struct rendezvous *rendezvous)
{
    const int64_t *noted = rendezvous->objects;
    char name[POSIX_NAME_SIZE];
    if (noted[NOTED_FAMILY] == 1 + POSIX)
        mq_unlink(posix_name(name, "msgqueue", rendezvous->name, ""));
    else if (noted[NOTED_MADE] != 0 && noted[NOTED_ID] != 0)
        msgctl((int)(noted[NOTED_ID] - 1), IPC_RMID, NULL);
    else if (noted[NOTED_MADE] != 0)
        remove_by_key((key_t)noted[NOTED_KEY]);
}

/*
 * Makes a queue with that key; false where one is there already. The key is noted before, so that
 * a death in between leaves nothing behind that the next session would not find.
 */
static bool make_with_key(struct queue *queue, key_t key)
{
    int64_t *noted = queue->rendezvous.objects;
    if (msgget(key, 0) != -1 || errno != ENOENT)
        return false;
    noted[NOTED_FAMILY] = 1 + SYSV;
    noted[NOTED_KEY] = key;
    noted[NOTED_MADE] = true;
    rendezvous_note_objects(&queue->rendezvous);
    queue->id = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
    if (queue->id == -1 && errno == EEXIST) {
        noted[NOTED_MADE] = false;
        return false;
    }
    if (queue->id == -1)
        fail("msgget", queue->session_name);
    queue->key = key;
    noted[NOTED_ID] = 1 + queue->id;
    return true;
}

static void make_sysv(struct queue *queue)
{
    int64_t *noted = queue->rendezvous.objects;
    if (queue->key_text != NULL) {
        if (!make_with_key(queue, queue->key)) {
            queue->id = msgget(queue->key, 0);
            if (queue->id == -1)
                fail("msgget", queue->key_text);
            noted[NOTED_FAMILY] = 1 + SYSV;
            noted[NOTED_KEY] = queue->key;
            noted[NOTED_ID] = 1 + queue->id;
        }
        return;
    }
    /* the rendezvous' own file: nobody else's ftok is on it, but 32 bits can still coincide */
    for (int project = 1; project <= PROJECTS; project++) {
        const key_t key = ftok(queue->rendezvous.path, project);
        if (key == -1)
            fail("ftok", queue->rendezvous.path);
        if (key != IPC_PRIVATE && make_with_key(queue, key))
            return;
    }
    fail_that(EXIT_FAILED, "all keys of \"%s\" are taken", queue->rendezvous.path);
}

static void make_posix(struct queue *queue)
{
    struct mq_attr attributes = {.mq_maxmsg = POSIX_DEPTH, .mq_msgsize = POSIX_SIZE};
    struct posix_queue_limits limits;
    posix_queue_limits(&limits);
    if (limits.messages > 0 && limits.messages < attributes.mq_maxmsg)
        attributes.mq_maxmsg = limits.messages;
    if (limits.size > 0 && limits.size < attributes.mq_msgsize)
        attributes.mq_msgsize = limits.size;

    if (mq_open(queue->posix_name, O_RDONLY | O_CLOEXEC) != (mqd_t)-1 || errno != ENOENT)
        fail_that(EXIT_FAILED,
                  "mq_open \"%s\": there is such a queue, and it is not of this session\n"
                  "  'ipc-msgqueue stat --api posix' shows whose it is, 'remove' removes your own",
                  queue->posix_name);
    /* noted before it exists, as for a key; of two who come here by different folders one fails */
    int64_t *noted = queue->rendezvous.objects;
    noted[NOTED_FAMILY] = 1 + POSIX;
    noted[NOTED_MADE] = true;
    rendezvous_note_objects(&queue->rendezvous);
    queue->descriptor =
        mq_open(queue->posix_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
    if (queue->descriptor == (mqd_t)-1) {
        noted[NOTED_FAMILY] = 0;
        fail("mq_open", queue->posix_name);
    }
}

/* Leaves a session that we found, and cannot take part in, as it was. */
static _Noreturn void refuse(struct queue *queue, const char *why, const char *hint)
{
    rendezvous_leave(&queue->rendezvous, true);
    fail_that(EXIT_FAILED, "the queue of \"%s\" %s\n  %s", queue->session_name, why, hint);
}

static void open_noted(struct queue *queue)
{
    const int64_t *noted = queue->rendezvous.objects;
    if (noted[NOTED_FAMILY] != 1 + queue->family)
        refuse(queue, "is of the other family",
               queue->family == SYSV ? "this side needs --api posix, too"
                                     : "this side needs --api sysv, too");
    queue->id = (int)noted[NOTED_ID] - 1;
    queue->key = (key_t)noted[NOTED_KEY];
    if (queue->family == SYSV)
        return;
    queue->descriptor = mq_open(queue->posix_name, O_RDWR | O_CLOEXEC);
    if (queue->descriptor == (mqd_t)-1)
        refuse(queue, "cannot be opened", strerror(errno));
}

static bool queue_exists(const struct rendezvous *rendezvous)
{
    struct msqid_ds status;
    char name[POSIX_NAME_SIZE];
    if (rendezvous->objects[NOTED_FAMILY] == 1 + SYSV)
        return msgctl((int)rendezvous->objects[NOTED_ID] - 1, IPC_STAT, &status) == 0;
    const mqd_t descriptor =
        mq_open(posix_name(name, "msgqueue", rendezvous->name, ""), O_RDONLY | O_CLOEXEC);
    if (descriptor == (mqd_t)-1)
        return errno != ENOENT;
    mq_close(descriptor);
    return true;
}

static void find_largest(struct queue *queue)
{
    if (queue->family == POSIX) {
        struct mq_attr attributes;
        if (mq_getattr(queue->descriptor, &attributes) == -1)
            fail("mq_getattr", queue->posix_name);
        queue->largest = (size_t)attributes.mq_msgsize;
        return;
    }
    struct msqid_ds status;
    struct sysv_queue_limits limits;
    if (msgctl(queue->id, IPC_STAT, &status) == -1)
        fail("msgctl IPC_STAT", queue->session_name);
    /* msgsnd() would wait for ever with a message that is larger than the whole queue */
    queue->largest = (size_t)status.msg_qbytes;
    if (sysv_queue_limits(&limits) && (size_t)limits.msgmax < queue->largest)
        queue->largest = (size_t)limits.msgmax;
}

void queue_join(struct queue *queue, enum party_role party, uint64_t deadline)
{
    struct rendezvous *rendezvous = &queue->rendezvous;
    rendezvous->bytes_outlive = true;
    rendezvous->objects_exist = queue_exists;
    rendezvous_join(rendezvous, "msgqueue", queue->session_name, party, party == PRODUCER, deadline,
                    queue_remove_objects);
    if (!rendezvous->first)
        open_noted(queue);
    else if (queue->family == SYSV)
        make_sysv(queue);
    else
        make_posix(queue);
    find_largest(queue);
    queue->made = rendezvous->objects[NOTED_MADE] != 0;
    rendezvous_enter(rendezvous);
}

struct message *message_of(size_t size)
{
    struct message *message = malloc(sizeof *message + size);
    if (message == NULL)
        fail("malloc", "message");
    return message;
}

static void wake(int number)
{
    (void)number; /* that the call was interrupted is all */
}

void interrupt_sleeps(void)
{
    static bool running;
    if (running)
        return;
    running = true;
    const int number = SIGRTMIN;
    struct sigaction action = {.sa_handler = wake}; /* without SA_RESTART; msgop never restarts */
    sigfillset(&action.sa_mask);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number};
    const struct timespec tenth = {.tv_nsec = 100 * (long)MILLISECOND};
    const struct itimerspec period = {.it_interval = tenth, .it_value = tenth};
    timer_t timer;
    if (sigaction(number, &action, NULL) == -1)
        fail("sigaction", "SIGRTMIN");
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == -1)
        fail("timer_create", NULL);
    if (timer_settime(timer, 0, &period, NULL) == -1)
        fail("timer_settime", NULL);
}

struct timespec soon(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += 100 * (long)MILLISECOND;
    if (time.tv_nsec >= (long)SECOND) {
        time.tv_nsec -= (long)SECOND;
        time.tv_sec++;
    }
    return time;
}
