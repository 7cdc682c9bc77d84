/* SPDX-License-Identifier: MIT
 * ipc-msgqueue stat: what the kernel knows of a queue; without one, what limits it has.
 *
 * Usage: ipc-msgqueue stat [--name NAME] [--api sysv|posix] [--key KEY] [--json]
 */
#include "msgqueue.h"
#include "platform.h"

#include "ipc/narration/platform.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void print_sysv(int id, key_t key, const char *object);
static mqd_t open_posix(const char *name);
static void print_posix(mqd_t descriptor, const char *name);
static void print_limits(void);

int msgqueue_stat(const struct role *role, int argc, char **argv)
{
    static struct pair pair = {.family = NOT_GIVEN};
    struct rendezvous *found = &pair.rendezvous;
    char name[POSIX_NAME_SIZE];
    bool json = false;
    const struct option_row options[] = {OPTIONS_FAMILY(&pair, "sysv"), OPTION_JSON(&json), {0}};
    parse_arguments(role, argc, argv, options, 0);
    const bool asked = pair.name != NULL || pair.key_text != NULL;
    find_pair(role, "msgqueue", &pair);
    const bool by_key = pair.key_text != NULL;
    const int id =
        by_key ? or_fail(msgget(pair.key, 0), "msgget", pair.key_text) : queue_noted(found);

    const bool is_sysv = id != -1 && pair.family != POSIX;
    const bool may_be_posix =
        pair.family == POSIX ||
        (pair.family != SYSV && (asked || found->objects[NOTED_FAMILY] == 1 + POSIX));
    const mqd_t descriptor =
        !is_sysv && may_be_posix ? open_posix(posix_name(name, "msgqueue", pair.name)) : (mqd_t)-1;
    const bool is_posix = descriptor != (mqd_t)-1;
    if (asked && !is_sysv && !is_posix)
        fail_that(EXIT_FAILED, "there is no queue \"%s\"", pair.name);
    if (json) {
        found->objects[NOTED_FAMILY] = 1 + (is_sysv ? SYSV : POSIX);
        found->objects[NOTED_ID] = 1 + id;
        found->objects[NOTED_KEY] = by_key ? pair.key : found->objects[NOTED_KEY];
        begin_list(true);
        if (is_sysv || is_posix)
            print_found("msgqueue", found, queue_look);
        return end_list();
    }
    if (is_sysv)
        print_sysv(id, by_key ? pair.key : (key_t)found->objects[NOTED_KEY], pair.name);
    if (is_posix)
        print_posix(descriptor, name);
    if (!asked)
        print_limits();
    flush_output();
    return EXIT_DONE;
}

static void print_owner(uid_t owner, unsigned mode)
{
    const struct passwd *user = getpwuid(owner);
    printf("owner       %ld%s%s%s\n", (long)owner, user ? " (" : "", user ? user->pw_name : "",
           user ? ")" : "");
    printf("mode        %04o\n", mode & 0777);
}

static const char *date(time_t when)
{
    static char text[64];
    struct tm broken;
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", localtime_r(&when, &broken));
    return text;
}

static void print_last(const char *what, pid_t process, time_t when)
{
    char buffer[64];
    const char *program = program_of(process, buffer, sizeof buffer);
    if (when == 0)
        printf("%-11s nobody yet\n", what);
    else /* another user chose that name */
        printf("%-11s pid %ld (%s), %s\n", what, (long)process,
               quoted(program, strlen(program)).text, date(when));
}

static void print_sysv(int id, key_t key, const char *object)
{
    const struct msqid_ds status = queue_status(id, object);
    struct sysv_queue_limits limits;
    printf("key         0x%08" PRIx32 "\nid          %d\n", (uint32_t)key, id);
    print_owner(status.msg_perm.uid, status.msg_perm.mode);
    printf("messages    %lu\n", (unsigned long)status.msg_qnum);
    printf("bytes       %ld\n", queue_bytes(&status));
    printf("limit       %lu bytes (msg_qbytes)\n", (unsigned long)status.msg_qbytes);
    if (sysv_queue_limits(&limits))
        printf("largest     %ld bytes a message (msgmax)\n", limits.msgmax);
    printf("changed     %s\n", date(status.msg_ctime));
    print_last("sender", status.msg_lspid, status.msg_stime);
    print_last("receiver", status.msg_lrpid, status.msg_rtime);
}

/* -1 if there is none of that name. */
static mqd_t open_posix(const char *name)
{
    const mqd_t descriptor = mq_open(name, O_RDONLY | O_CLOEXEC);
    if (descriptor == (mqd_t)-1 && errno != ENOENT)
        fail("mq_open", name);
    return descriptor;
}

static void print_posix(mqd_t descriptor, const char *name)
{
    struct mq_attr attributes;
    struct stat status;
    or_fail(mq_getattr(descriptor, &attributes), "mq_getattr", name);
    printf("name        %s\n", name);
    /* on Linux a message queue descriptor is a file descriptor; elsewhere it need not be */
    const bool known = fstat((int)descriptor, &status) == 0;
    if (known)
        print_owner(status.st_uid, status.st_mode);
    else
        printf("owner       not recorded\nmode        not recorded\n");
    printf("messages    %ld\nbytes       not recorded\n", attributes.mq_curmsgs);
    printf("limit       %ld messages (mq_maxmsg)\n", attributes.mq_maxmsg);
    printf("largest     %ld bytes a message (mq_msgsize)\n", attributes.mq_msgsize);
    printf("changed     %s\n", known ? date(status.st_mtime) : "not recorded");
    printf("sender      not recorded\nreceiver    not recorded\n");
    mq_close(descriptor);
}

static void print_limit(const char *what, long long limit, const char *where)
{
    if (limit >= 0)
        printf("  %-22s %-12lld %s\n", what, limit, where);
    else
        printf("  %-22s %-12s %s\n", what, "unknown", where);
}

static void print_limits(void)
{
    struct sysv_queue_limits sysv;
    struct posix_queue_limits posix;
    sysv_queue_limits(&sysv);
    posix_queue_limits(&posix);
    printf("System V limits (IPC_INFO), and where they are set\n");
    print_limit("bytes in a message", sysv.msgmax, "msgmax: /proc/sys/kernel/msgmax");
    print_limit("bytes in a queue", sysv.msgmnb, "msgmnb: /proc/sys/kernel/msgmnb");
    print_limit("queues", sysv.msgmni, "msgmni: /proc/sys/kernel/msgmni");
    printf("System V in use now (MSG_INFO)\n");
    print_limit("queues", sysv.queues, "");
    print_limit("messages", sysv.messages, "");
    print_limit("bytes", sysv.bytes, "");
    printf("POSIX limits\n");
    print_limit("messages in a queue", posix.messages, "/proc/sys/fs/mqueue/msg_max");
    print_limit("bytes in a message", posix.size, "/proc/sys/fs/mqueue/msgsize_max");
    print_limit("queues", posix.queues, "/proc/sys/fs/mqueue/queues_max");
    print_limit("bytes of a user", posix.per_user, "RLIMIT_MSGQUEUE: ulimit -q");
    print_limit("priorities", sysconf(_SC_MQ_PRIO_MAX), "MQ_PRIO_MAX");
}
