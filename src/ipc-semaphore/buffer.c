/*
 * The bounded buffer of the pair: its semaphores, of either family, and its slots in shared memory.
 */
#include "semaphore.h"

#include "ipc/common/cleanup.h"
#include "ipc/common/clock.h"
#include "ipc/transfer/spin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTED_SLOTS = NOTED_SIZE, MAGIC = 0x1bc5e3a1, BOUND = 100 * MILLISECOND };

const char *const semaphore_words[SEMAPHORES] = {"empty", "full", "mutex"};
static const unsigned short beginning[SEMAPHORES] = {SLOTS, 0, 1};

char *buffer_object(char name[POSIX_NAME_SIZE], const char *session, int which)
{
    static const char *const suffixes[] = {".empty", ".full", ".mutex", ".slots"};
    return posix_name(name, "semaphore", session, suffixes[which]);
}

void buffer_choose(const struct role *role, struct buffer *buffer)
{
    char own_name[NAME_MOST + 1];
    snprintf(
        buffer->session, sizeof buffer->session, "%s",
        choose_name(role, buffer->name, buffer->key_text, buffer->family, own_name, &buffer->key));
}

static int get_set(key_t key, int flags)
{
    return semget(key, flags != 0 ? SEMAPHORES : 0, flags);
}

/* A set of a maker who died between noting its key and noting its id: nobody has used it yet. */
static void remove_half_made(const struct rendezvous *rendezvous)
{
    struct semid_ds status;
    const int set = semget((key_t)rendezvous->objects[NOTED_KEY], SEMAPHORES, 0);
    if (set != -1 && semctl(set, 0, IPC_STAT, (union semun){.buf = &status}) == 0 &&
        status.sem_perm.cuid == geteuid() && status.sem_otime == 0 &&
        made_as_noted(rendezvous->file, status.sem_ctime))
        semctl(set, 0, IPC_RMID);
}

int buffer_noted(const struct rendezvous *rendezvous)
{
    return noted_sysv(rendezvous, get_set);
}

static bool set_values(int set)
{
    for (int which = EMPTY; which < SEMAPHORES; which++)
        if (semctl(set, which, SETVAL, (union semun){.val = beginning[which]}) == -1)
            return false;
    return true;
}

void buffer_remove_objects(const struct rendezvous *rendezvous)
{
    const int64_t *noted = rendezvous->objects;
    char name[POSIX_NAME_SIZE];
    if (noted[NOTED_FAMILY] == 1 + POSIX) {
        for (int which = EMPTY; which < SEMAPHORES; which++)
            sem_unlink(buffer_object(name, rendezvous->name, which));
    } else if (noted[NOTED_MADE] != 0 && noted[NOTED_ID] != 0) {
        semctl(buffer_noted(rendezvous), 0, IPC_RMID);
    } else if (noted[NOTED_MADE] != 0) {
        remove_half_made(rendezvous);
    } else {
        set_values(buffer_noted(rendezvous)); /* somebody else's: ready for the next pair */
    }
    if (noted[NOTED_SLOTS] != 0)
        shm_unlink(buffer_object(name, rendezvous->name, SLOTS_OBJECT));
}

static _Noreturn void refuse_present(const char *call, const char *name)
{
    fail_that(EXIT_FAILED,
              "%s \"%s\": there is such an object, and it is not of this session\n"
              "  'ipc-semaphore remove --api posix' removes your own",
              call, name);
}

/* What is there already is not ours. Noted before it exists: a death in between is found. */
static void make_posix(struct buffer *buffer)
{
    int64_t *noted = buffer->rendezvous.objects;
    char name[POSIX_NAME_SIZE];
    for (int which = EMPTY; which < SEMAPHORES; which++)
        if (sem_open(buffer_object(name, buffer->session, which), 0) != SEM_FAILED ||
            errno != ENOENT)
            refuse_present("sem_open", name);
    noted[NOTED_FAMILY] = 1 + POSIX;
    noted[NOTED_MADE] = true;
    rendezvous_note_objects(&buffer->rendezvous);
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        buffer_object(name, buffer->session, which);
        buffer->posix[which] = sem_open(name, O_CREAT | O_EXCL, 0600, beginning[which]);
        if (buffer->posix[which] == SEM_FAILED && which == EMPTY) /* all are whose the first is */
            noted[NOTED_FAMILY] = 0;
        if (buffer->posix[which] == SEM_FAILED)
            fail("sem_open", name);
    }
}

static void open_posix(struct buffer *buffer)
{
    char name[POSIX_NAME_SIZE];
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        buffer->posix[which] = sem_open(buffer_object(name, buffer->session, which), 0);
        if (buffer->posix[which] == SEM_FAILED)
            fail("sem_open", name);
    }
}

/*
 * A set that somebody else made is used if it is as new, or as a pair leaves it. One with other
 * values, or that somebody waits for, is in use: a value of ours would break what its users do.
 */
static void check_set_of_another(struct buffer *buffer)
{
    struct semid_ds status;
    int values[SEMAPHORES], waiting = 0;
    buffer->rendezvous.objects[NOTED_FAMILY] = 0; /* what is refused stays as it is */
    if (semctl(buffer->set, 0, IPC_STAT, (union semun){.buf = &status}) == -1)
        fail("semctl IPC_STAT", buffer->session);
    if (status.sem_nsems < SEMAPHORES)
        fail_that(EXIT_FAILED, "the set of %s has %lu semaphores, and %d are needed: not used",
                  buffer->key_text, (unsigned long)status.sem_nsems, SEMAPHORES);
    bool is_new = true, is_ready = true;
    for (int which = EMPTY; which < SEMAPHORES; which++) {
        values[which] = semctl(buffer->set, which, GETVAL);
        waiting += semctl(buffer->set, which, GETNCNT) + semctl(buffer->set, which, GETZCNT);
        is_new = is_new && values[which] == 0;
        is_ready = is_ready && values[which] == beginning[which];
    }
    if (waiting > 0 || !(is_new || is_ready))
        fail_that(EXIT_FAILED,
                  "the semaphores of %s are in use (%d, %d, %d, and %d wait): not used\n"
                  "  another's set must be new (0, 0, 0), or be as a pair leaves it (%d, %d, %d)",
                  buffer->key_text, values[EMPTY], values[FULL], values[MUTEX], waiting,
                  beginning[EMPTY], beginning[FULL], beginning[MUTEX]);
    buffer->rendezvous.objects[NOTED_FAMILY] = 1 + SYSV;
}

static void make_set(struct buffer *buffer)
{
    buffer->set = make_sysv(&buffer->rendezvous, buffer->key_text, &buffer->key, get_set, "semget");
    if (buffer->rendezvous.objects[NOTED_MADE] == 0)
        check_set_of_another(buffer);
    if (!set_values(buffer->set))
        fail("semctl SETVAL", buffer->session);
}

static void map_slots(struct buffer *buffer, bool make)
{
    char name[POSIX_NAME_SIZE];
    struct stat status;
    buffer_object(name, buffer->session, SLOTS_OBJECT);
    if (make) {
        const int present = shm_open(name, O_RDONLY, 0);
        if (present != -1 || errno != ENOENT)
            refuse_present("shm_open", name);
        buffer->rendezvous.objects[NOTED_SLOTS] = 1;
        rendezvous_note_objects(&buffer->rendezvous);
    }
    const int object = shm_open(name, O_RDWR | (make ? O_CREAT | O_EXCL : 0), 0600);
    if (object == -1) {
        if (make)
            buffer->rendezvous.objects[NOTED_SLOTS] = 0; /* not ours */
        fail("shm_open", name);
    }
    /* the memory itself, now: else a full file system is a SIGBUS at the first store to a page */
    if (make && (errno = posix_fallocate(object, 0, sizeof *buffer->slots)) != 0)
        fail("posix_fallocate", name);
    if (fstat(object, &status) == -1)
        fail("fstat", name);
    if (status.st_uid != geteuid() || status.st_size < (off_t)sizeof *buffer->slots)
        fail_that(EXIT_FAILED, "\"%s\" is not what it should be: not used", name);
    buffer->slots =
        mmap(NULL, sizeof *buffer->slots, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
    if (buffer->slots == MAP_FAILED)
        fail("mmap", name);
    close(object);
    if (make)
        buffer->slots->magic = MAGIC;
    if (buffer->slots->magic != MAGIC)
        fail_that(EXIT_FAILED, "\"%s\" holds no slots of ours: not used", name);
}

void buffer_open(const struct role *role, int argc, char **argv, enum member_role member,
                 struct buffer *buffer)
{
    double timeout = NOT_GIVEN;
    bool verbose = false;
    const struct option_row options[] = {OPTION_NAME(&buffer->name),
                                         OPTION_API(&buffer->family, "posix"),
                                         OPTION_KEY(&buffer->key_text),
                                         OPTION_TIMEOUT(&timeout),
                                         OPTION_QUIET,
                                         OPTION_VERBOSE(&verbose),
                                         {0}};
    const struct operands operands =
        parse_arguments(role, argc, argv, options, member == PRODUCER ? 1 : 0);
    buffer_choose(role, buffer);
    if (member == PRODUCER) /* a wrong name is told before anybody is waited for */
        buffer->input = open_input(operands.words[0], &buffer->label);
    const uint64_t wait = nanoseconds_of(timeout);
    const uint64_t deadline = wait == UINT64_MAX ? UINT64_MAX : now() + wait;
    if (verbose)
        buffer->narration = narration_open(STDERR_FILENO, role->name, NULL, 0);

    struct rendezvous *rendezvous = &buffer->rendezvous;
    buffer->other = member == PRODUCER ? CONSUMER : PRODUCER;
    rendezvous_join(rendezvous, "semaphore", buffer->session, member, true, deadline,
                    buffer_remove_objects);
    if (!rendezvous->first) {
        check_family(rendezvous, buffer->family, "buffer");
        buffer->set = buffer_noted(rendezvous);
        if (buffer->family == SYSV && buffer->set == -1)
            refuse_session(rendezvous, "has lost its semaphores", "somebody has removed them");
        if (buffer->family == POSIX)
            open_posix(buffer);
    } else if (buffer->family == POSIX) {
        make_posix(buffer);
    } else {
        make_set(buffer);
    }
    map_slots(buffer, rendezvous->first);
    rendezvous_enter(rendezvous);
    if (!rendezvous_await(rendezvous, buffer->other, deadline))
        fail_that(EXIT_PEER, "no %s came in time", member == PRODUCER ? "consumer" : "producer");
    progress_begin(&buffer->progress, role->name, member == PRODUCER ? buffer->input : -1, true);
}

/*
 * The mutex alone is undone should we die (SEM_UNDO): undone on the counting ones it would take
 * back every item at our end, and overflow after 32,767 of them (semop(3p)).
 */
static int change_set(const struct buffer *buffer, enum which which, short by, bool sleeps)
{
    struct sembuf change = {
        .sem_num = (unsigned short)which,
        .sem_op = by,
        .sem_flg = (short)((sleeps ? 0 : IPC_NOWAIT) | (which == MUTEX ? SEM_UNDO : 0))};
    return semop(buffer->set, &change, 1);
}

static bool try_wait(const struct buffer *buffer, enum which which)
{
    const int result = buffer->family == POSIX ? sem_trywait(buffer->posix[which])
                                               : change_set(buffer, which, -1, false);
    if (result == -1 && errno != EAGAIN && !interrupted())
        fail(buffer->family == POSIX ? "sem_trywait" : "semop", semaphore_words[which]);
    return result == 0;
}

/*
 * Who ends the sleep: the other side's post; if it dies right before, the bound, and the rendezvous
 * says so; a signal that came just before the call is seen at the bound, too.
 */
static bool sleep_wait(const struct buffer *buffer, enum which which)
{
    int result;
    if (buffer->family == POSIX) {
        const struct timespec until = real_time_in(BOUND);
        result = sem_timedwait(buffer->posix[which], &until);
    } else {
        start_wakeup_timer();
        result = change_set(buffer, which, -1, true);
    }
    if (result == -1 && errno != ETIMEDOUT && !interrupted())
        fail(buffer->family == POSIX ? "sem_timedwait" : "semop", semaphore_words[which]);
    return result == 0;
}

void buffer_wait(struct buffer *buffer, enum which which)
{
    struct spin spin = {0};
    const uint64_t called = buffer->narration != NULL ? now() : 0;
    while (!try_wait(buffer, which)) {
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        if (sleep_wait(buffer, which))
            break;
        rendezvous_check(&buffer->rendezvous, buffer->other);
    }
    narrate_waited(buffer->narration, LEFT, called, "the value was 0",
                   buffer->family == POSIX ? "sem_wait(%s) = 0" : "semop(%s, -1) = 0",
                   semaphore_words[which]);
}

void buffer_post(struct buffer *buffer, enum which which)
{
    narrate(buffer->narration, LEFT, buffer->family == POSIX ? "sem_post(%s)" : "semop(%s, +1)",
            semaphore_words[which]);
    const int result = buffer->family == POSIX ? sem_post(buffer->posix[which])
                                               : change_set(buffer, which, 1, false);
    if (result == -1)
        fail(buffer->family == POSIX ? "sem_post" : "semop", semaphore_words[which]);
}
