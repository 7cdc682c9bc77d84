/* SPDX-License-Identifier: MIT
 * What the roles of ipc-semaphore share: the bounded buffer of the pair, the slots of `run`, and
 * what more than one lesson needs.
 */
#ifndef IPC_SEMAPHORE_H
#define IPC_SEMAPHORE_H

#include "ipc/common/io.h"
#include "ipc/transfer/list.h"

#include <semaphore.h>

/* ---- the bounded buffer ---- */

/* The semaphores: free slots, filled slots, and a mutex (of value 1) around the record of them. */
enum which { EMPTY, FULL, MUTEX, SEMAPHORES };
extern const char *const buffer_words[]; /* what they are called; and the slots */

/* More slots than fit into a processor's private cache: see ring.h. */
enum { SLOT_SIZE = 64 * 1024, SLOTS = 32 };

struct slots {
    uint32_t magic, in, out; /* how many were ever filled, and emptied: under the mutex */
    uint32_t length[SLOTS];  /* 0: the end */
    unsigned char bytes[SLOTS][SLOT_SIZE];
};

struct buffer {
    struct pair pair;
    sem_t *posix[SEMAPHORES];
    int set; /* System V */
    struct slots *slots;
};

/* All that comes first: the options, the rendezvous, semaphores, slots, the wait for the peer. */
void buffer_open(const struct role *role, int argc, char **argv, enum member_role member,
                 struct buffer *buffer);

/* The first member of a rendezvous makes the semaphores and the slots; the other one finds them. */
void open_semaphores(struct buffer *buffer);
void map_slots(struct buffer *buffer);

/* Waits until the value is above 0. Exit 3 if the peer has died. */
void buffer_wait(struct buffer *buffer, enum which which);
void buffer_post(struct buffer *buffer, enum which which);

/* The name of a POSIX object of that rendezvous: a semaphore, or SLOTS_OBJECT. Returns name. */
char *buffer_object(char name[POSIX_NAME_SIZE], const char *rendezvous, int which);
enum { SLOTS_OBJECT = SEMAPHORES };

/* There is an object of that name already, and it is not ours: exit 1. */
_Noreturn void refuse_present(const char *call, const char *name);

/* The object that stands behind those of objects.h in the notes: the slots. */
enum { NOTED_SLOTS = NOTED_SIZE };

/* The System V set that was noted, -1 where it is gone. */
int buffer_noted(const struct rendezvous *rendezvous);

/* For rendezvous_remove(): removes what one of us made; a set of another gets its values back. */
void buffer_remove_objects(const struct rendezvous *rendezvous);

/* ---- the slots of `run` ---- */

struct permits {
    char path[PATH_SIZE]; /* the file that says which set it is, and whose lock makes us agree */
    int file;
    key_t key;
    int set; /* -1: there is none */
};

/* For `list` and `stat --json`; for for_each_name(), and returns false. */
look_at_object buffer_look;
bool print_slots(const char *name, void *unused);

/* The semaphores of that set: how many slots are free, and how many there are. */
enum { PERMITS_FREE, PERMITS_ALL, PERMITS };

/* Finds the set of that name, or makes one of so many slots. Exits 3 if that lasts too long. */
void permits_open(struct permits *permits, const char *name, int slots, uint64_t deadline);

/* Finds the set of that name; locks and changes nothing. False if its maker or remover has died. */
bool permits_look(struct permits *permits, const char *name);

/*
 * Takes a slot, with SEM_UNDO, as soon as one is free; exits 3 if that is not before the deadline,
 * on the clock of now(), looked at whenever a timer interrupts the wait. False if the set has
 * another number of slots by now, or is gone.
 */
bool permits_take(const struct permits *permits, int slots, uint64_t deadline);

/* Gives the set another number of slots, 0 before it is removed. False while slots are in use. */
bool permits_change(const struct permits *permits, int slots);

/* Removes that set, then its file; false where there is none. Fails (exits) while it is used. */
bool permits_remove(struct permits *permits, const char *name);

/* ---- for demo and lessons ---- */

/*
 * Make a call and tell it as it stands in the source: TELL when it has returned, SEND before it is
 * made, WAIT both, since it may sleep.
 */
#define TELL(n, column, call) (narrate_here(__FILE__, __LINE__), tell(n, column, #call, call))
#define SEND(n, column, call) (narrate(n, column, "%s", #call), or_fail(call, #call, NULL))
#define WAIT(n, column, why, call)                                                                 \
    do {                                                                                           \
        int result;                                                                                \
        narrate_call(n, column, "%s", #call);                                                      \
        do                                                                                         \
            result = (call);                                                                       \
        while (result == -1 && interrupted());                                                     \
        narrate_return(n, why, "%s", outcome(result));                                             \
    } while (0)
#define OPEN(n, column, s, call)                                                                   \
    (s = call, narrate(n, column, s == SEM_FAILED ? "%s = SEM_FAILED  %s" : "%s = %s", #call,      \
                       s == SEM_FAILED ? error_name(errno) : #s))
int tell(struct narration *n, enum column column, const char *call, int result);
const char *outcome(int result); /* "0", "EPERM", "-1  EAGAIN" */

/* A semaphore of a name that nobody else uses, its value 0; removed at the end. name is filled. */
sem_t *new_semaphore(char name[POSIX_NAME_SIZE], const char *what);
int value_of(sem_t *semaphore);

/* That narration_time() as sem_timedwait() wants it: on CLOCK_REALTIME; 0 once it is over. */
const struct timespec *at(struct narration *narration, uint64_t time);

/*
 * Starts so many processes. Each waits at a gate until all are there, calls work(context, index)
 * and ends. Returns when all have ended.
 */
void run_together(int processes, void (*work)(void *context, int index), void *context);

/* What POSIX leaves to the caller of semctl(3p) to define. */
union semun {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
};

role_function semaphore_demo, semaphore_producer, semaphore_consumer, semaphore_list,
    semaphore_values, semaphore_threads, semaphore_mutex, semaphore_pool, semaphore_sets,
    semaphore_persist, semaphore_crash, semaphore_run, semaphore_stat, semaphore_remove,
    semaphore_bench;

#endif
