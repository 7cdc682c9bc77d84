/* SPDX-License-Identifier: MIT
 * What producer and consumer share: how they begin, wait for a semaphore and post one.
 */
#include "semaphore.h"

#include "ipc/common/cleanup.h"

#include <errno.h>
#include <sys/sem.h>

void buffer_open(const struct role *role, int argc, char **argv, enum member_role member,
                 struct buffer *buffer)
{
    struct pair *pair = &buffer->pair;
    struct rendezvous *rendezvous = &buffer->pair.rendezvous;
    const struct option_row options[] = {OPTIONS_FAMILY(pair, "posix"), OPTIONS_PAIR(pair), {0}};
    pair->family = POSIX;
    begin_pair(role, argc, argv, options, member, pair);
    rendezvous->remove_objects = buffer_remove_objects;
    rendezvous_join(rendezvous, "semaphore", pair->name, member, true, pair->deadline);
    open_semaphores(buffer);
    map_slots(buffer);
    meet_peer(pair);
    start_wakeup_timer(); /* for take() */
}

/*
 * SEM_UNDO stands at the mutex alone, to unlock it should we die. At a counting semaphore it would
 * take back every item when we end, and overflow after 32,767 of them (semop(3p)).
 */
static int change_set(const struct buffer *buffer, enum which which, short by, bool sleeps)
{
    struct sembuf change = {
        .sem_num = (unsigned short)which,
        .sem_op = by,
        .sem_flg = (short)((sleeps ? 0 : IPC_NOWAIT) | (which == MUTEX ? SEM_UNDO : 0))};
    return semop(buffer->set, &change, 1);
}

/*
 * Takes one off; false if there is none. sleeps: then waits for the peer's post, but gives up at
 * the next tick of the timer. Otherwise a peer that died instead of posting, and a signal that came
 * just before the call, would not be noticed. sem_timedwait() knows CLOCK_REALTIME alone, and would
 * sleep on if that is set back.
 */
static bool take(const struct buffer *buffer, enum which which, bool sleeps)
{
    const bool posix = buffer->pair.family == POSIX;
    const int result = !posix   ? change_set(buffer, which, -1, sleeps)
                       : sleeps ? sem_wait(buffer->posix[which])
                                : sem_trywait(buffer->posix[which]);
    if (result == -1 && errno != EAGAIN && !interrupted())
        fail(posix ? "sem_wait" : "semop", buffer_words[which]);
    return result == 0;
}

void buffer_wait(struct buffer *buffer, enum which which)
{
    struct narration *n = buffer->pair.narration;
    uint64_t spin = 0;
    narrate_call(n, LEFT, buffer->pair.family == POSIX ? "sem_wait(%s)" : "semop(%s, -1%s)",
                 buffer_words[which], which == MUTEX ? ", SEM_UNDO" : "");
    while (!take(buffer, which, false)) {
        end_if_signalled();
        if (keep_spinning(&spin))
            continue;
        if (take(buffer, which, true))
            break;
        rendezvous_check(&buffer->pair.rendezvous,
                         buffer->pair.member == PRODUCER ? CONSUMER : PRODUCER);
        if (which == FULL && rendezvous_peers(&buffer->pair.rendezvous, PRODUCER).done > 0) {
            take(buffer, FULL, false); /* it may have died before its last post: the slots tell */
            break;
        }
    }
    narrate_return(n, "the value was 0", "0");
}

void buffer_post(struct buffer *buffer, enum which which)
{
    narrate(buffer->pair.narration, LEFT,
            buffer->pair.family == POSIX ? "sem_post(%s)" : "semop(%s, +1%s)", buffer_words[which],
            which == MUTEX ? ", SEM_UNDO" : "");
    if (buffer->pair.family == POSIX)
        or_fail(sem_post(buffer->posix[which]), "sem_post", buffer_words[which]);
    else
        or_fail(change_set(buffer, which, 1, false), "semop", buffer_words[which]);
}
