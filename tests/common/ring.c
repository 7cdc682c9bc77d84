/*
 * The ring, stepped through full, empty, wrap-around, sleep against wake, and death while asleep:
 * millions of bytes in random pieces, with random pauses, by two threads and by two processes.
 */
#include "check.h"

#include "ipc/clock.h"
#include "ipc/platform.h"
#include "ipc/ring.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALL = 64, TOTAL = 1500000 };

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static unsigned char byte_at(uint64_t position)
{
    return (unsigned char)(position * 131 + (position >> 8));
}

/* By hand: each border once. */
static void step_by_step(void)
{
    struct ring producer, consumer;
    unsigned char *room;
    const unsigned char *bytes;
    void *memory = shared_memory(ring_size(SMALL));
    check(memory != NULL && ring_create(memory, SMALL));
    check(ring_attach(&producer, memory, ring_size(SMALL), true) == NULL);
    check(ring_attach(&consumer, memory, ring_size(SMALL), false) == NULL);
    check(ring_peek(&consumer, 1, &bytes) == 0); /* empty */
    check(ring_lend(&producer, 1, &room) == SMALL);
    memcpy(room, "0123456789", 10);
    ring_commit(&producer, 10);
    check(ring_peek(&consumer, 1, &bytes) == 10 && memcmp(bytes, "0123456789", 10) == 0);
    ring_release(&consumer, 4);
    check(ring_filled(memory) == 6);
    check(ring_lend(&producer, SMALL, &room) == SMALL - 10); /* up to the end, in one piece */
    ring_commit(&producer, SMALL - 10);
    check(ring_lend(&producer, 1, &room) == 4); /* wrapped around */
    ring_commit(&producer, 4);
    check(ring_lend(&producer, 1, &room) == 0); /* full */
    check(ring_filled(memory) == SMALL);
    check(ring_peek(&consumer, SMALL, &bytes) == SMALL - 4);
    ring_release(&consumer, SMALL - 4);
    check(ring_peek(&consumer, SMALL, &bytes) == 4);
    ring_release(&consumer, 4);
    check(ring_peek(&consumer, 1, &bytes) == 0);

    const uint64_t began = now(); /* a sleep that nobody ends is over in time */
    ring_sleep_while_empty(&consumer, 20 * MILLISECOND);
    check(now() - began >= 15 * MILLISECOND);
    ring_commit(&producer, 1); /* there is something: no sleep at all */
    ring_sleep_while_empty(&consumer, 1000 * SECOND);
    ring_release(&consumer, 1 * (ring_peek(&consumer, 1, &bytes) == 1));
    check(!ring_has_ended(&consumer));
    ring_end(&producer);
    ring_sleep_while_empty(&consumer, 1000 * SECOND); /* nor at the end */
    check(ring_has_ended(&consumer) && ring_peek(&consumer, 1, &bytes) == 0);
    munmap(memory, ring_size(SMALL));
}

/* Whatever stands there, it is refused, and nothing outside of it is touched. */
static void refuse_what_is_no_ring(void)
{
    struct ring ring;
    unsigned char *room;
    const unsigned char *bytes;
    struct ring_memory *memory = shared_memory(ring_size(SMALL));
    uint32_t state = 1;
    check(memory != NULL);
    check(ring_attach(&ring, memory, 8, true) != NULL);
    check(strcmp(ring_attach(&ring, memory, ring_size(SMALL), true), "holds no ring") == 0);
    check(ring_create(memory, SMALL));
    check(strcmp(ring_attach(&ring, memory, ring_size(SMALL) - 1, true), "is too small") == 0);
    memory->version++;
    check(strcmp(ring_attach(&ring, memory, ring_size(SMALL), true), "is of another version") == 0);
    memory->version--;
    memory->capacity = 48;
    check(ring_attach(&ring, memory, ring_size(SMALL), true) != NULL);
    memory->capacity = SMALL;
    check(ring_attach(&ring, memory, ring_size(SMALL), true) == NULL);
    memory->tail = 1; /* beyond head */
    check(ring_lend(&ring, SMALL + 1, &room) == RING_CORRUPT);
    check(ring_filled(memory) == RING_CORRUPT);
    check(ring_attach(&ring, memory, ring_size(SMALL), false) != NULL);
    memory->tail = 0;
    check(ring_attach(&ring, memory, ring_size(SMALL), false) == NULL);
    memory->head = SMALL + 1;
    check(ring_peek(&ring, 1, &bytes) == RING_CORRUPT);
    for (int i = 0; i < 1000; i++) { /* noise */
        for (size_t at = 0; at < ring_size(SMALL); at++)
            ((unsigned char *)memory)[at] = (unsigned char)next_random(&state);
        check(ring_attach(&ring, memory, ring_size(SMALL), i % 2 == 0) != NULL);
    }
    munmap(memory, ring_size(SMALL));
}

static void pause_at_random(uint32_t *state)
{
    const uint32_t chance = next_random(state) % 2000;
    if (chance == 0)
        sleep_for(50 * MICROSECOND);
    else if (chance < 20)
        sched_yield();
}

static void *produce(void *memory)
{
    struct ring ring;
    uint32_t state = 12345;
    check(ring_attach(&ring, memory, ring_size(SMALL), true) == NULL);
    for (uint64_t sent = 0; sent < TOTAL;) {
        unsigned char *room;
        size_t size = ring_lend(&ring, 1 + next_random(&state) % SMALL, &room);
        check(size != RING_CORRUPT);
        if (size == 0) {
            ring_sleep_while_full(&ring, SECOND);
            continue;
        }
        const size_t part = 1 + next_random(&state) % size;
        for (size_t i = 0; i < part; i++)
            room[i] = byte_at(sent + i);
        pause_at_random(&state);
        ring_commit(&ring, part);
        sent += part;
    }
    return NULL;
}

static void *consume(void *memory)
{
    struct ring ring;
    uint32_t state = 54321;
    check(ring_attach(&ring, memory, ring_size(SMALL), false) == NULL);
    for (uint64_t received = 0; received < TOTAL;) {
        const unsigned char *bytes;
        size_t size = ring_peek(&ring, 1 + next_random(&state) % SMALL, &bytes);
        check(size != RING_CORRUPT);
        if (size == 0) {
            ring_sleep_while_empty(&ring, SECOND);
            continue;
        }
        const size_t part = 1 + next_random(&state) % size;
        for (size_t i = 0; i < part; i++)
            check(bytes[i] == byte_at(received + i));
        pause_at_random(&state);
        ring_release(&ring, part);
        received += part;
    }
    return NULL;
}

/* A lost wake-up would cost a second each time, and the test would not end in time. */
static void two_threads(void)
{
    pthread_t thread;
    void *memory = shared_memory(ring_size(SMALL));
    check(memory != NULL && ring_create(memory, SMALL));
    check(pthread_create(&thread, NULL, produce, memory) == 0);
    consume(memory);
    check(pthread_join(thread, NULL) == 0);
    munmap(memory, ring_size(SMALL));
}

static void two_processes(void)
{
    int status;
    void *memory = shared_memory(ring_size(SMALL));
    check(memory != NULL && ring_create(memory, SMALL));
    const pid_t child = fork();
    if (child == 0) {
        produce(memory);
        _exit(0);
    }
    consume(memory);
    check(waitpid(child, &status, 0) == child && status == 0);
    munmap(memory, ring_size(SMALL));
}

/* Who is killed while asleep, or right after it announced that, leaves a ring that works. */
static void die_asleep(void)
{
    void *memory = shared_memory(ring_size(SMALL));
    struct ring producer, consumer;
    const unsigned char *bytes;
    unsigned char *room;
    check(memory != NULL && ring_create(memory, SMALL));
    check(ring_attach(&producer, memory, ring_size(SMALL), true) == NULL);
    for (int turn = 0; turn < 30; turn++) {
        const pid_t child = fork();
        if (child == 0) {
            check(ring_attach(&consumer, memory, ring_size(SMALL), false) == NULL);
            for (;;)
                ring_sleep_while_empty(&consumer, 1000 * SECOND);
        }
        while (((struct ring_memory *)memory)->consumer_sleeps == 0)
            sched_yield();
        kill(child, SIGKILL);
        check(waitpid(child, NULL, 0) == child);
        check(ring_lend(&producer, 1, &room) > 0);
        *room = (unsigned char)turn;
        ring_commit(&producer, 1); /* rings for the dead */
        check(ring_attach(&consumer, memory, ring_size(SMALL), false) == NULL);
        check(ring_peek(&consumer, 1, &bytes) == 1 && *bytes == turn);
        ring_release(&consumer, 1);
    }
    munmap(memory, ring_size(SMALL));
}

int main(void)
{
    step_by_step();
    refuse_what_is_no_ring();
    two_threads();
    two_processes();
    die_asleep();
    return 0;
}
