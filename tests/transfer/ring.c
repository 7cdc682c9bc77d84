/* SPDX-License-Identifier: MIT
 * The ring, stepped through full, empty, wrap-around, sleep against wake, and death while asleep:
 * millions of steps of random sizes, with random pauses, by two threads and by two processes.
 */
#include "check.h"

#include "ipc/common/clock.h"
#include "ipc/narration/platform.h"
#include "ipc/transfer/platform.h"
#include "ipc/transfer/ring.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALL = 64, DEATHS = 300 };
/* where whoever sleeps looks once a millisecond, as many take minutes */
#define STEPS (way_of_sleeping[0] == 'f' ? 1000000 : 10000)

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

static uint64_t filled(void *memory)
{
    struct ring ring;
    const char *problem = ring_attach(&ring, memory, ring_size(SMALL), false);
    return problem == NULL ? ring.other - ring.own : UINT64_MAX;
}

/* By hand: each border once. */
static void step_by_step(void)
{
    struct ring producer, consumer;
    unsigned char *room;
    unsigned char *bytes;
    void *memory = shared_memory(ring_size(SMALL));
    check(memory != NULL);
    ring_create(memory, SMALL);
    check(ring_attach(&producer, memory, ring_size(SMALL), true) == NULL);
    check(ring_attach(&consumer, memory, ring_size(SMALL), false) == NULL);
    check(ring_lend(&consumer, 1, &bytes) == 0); /* empty */
    check(ring_lend(&producer, 1, &room) == SMALL);
    memcpy(room, "0123456789", 10);
    ring_pass(&producer, 10);
    check(ring_lend(&consumer, 1, &bytes) == 10 && memcmp(bytes, "0123456789", 10) == 0);
    ring_pass(&consumer, 4);
    check(filled(memory) == 6);
    check(ring_lend(&producer, SMALL, &room) == SMALL - 10); /* up to the end, in one piece */
    ring_pass(&producer, SMALL - 10);
    check(ring_lend(&producer, 1, &room) == 4); /* wrapped around */
    ring_pass(&producer, 4);
    check(ring_lend(&producer, 1, &room) == 0); /* full */
    check(filled(memory) == SMALL);
    check(ring_lend(&consumer, SMALL, &bytes) == SMALL - 4);
    ring_pass(&consumer, SMALL - 4);
    check(ring_lend(&consumer, SMALL, &bytes) == 4);
    ring_pass(&consumer, 4);
    check(ring_lend(&consumer, 1, &bytes) == 0);

    const uint64_t began = now(); /* a sleep that nobody ends is over in time */
    check(!ring_sleep(&consumer, 20 * MILLISECOND));
    check(now() - began >= 15 * MILLISECOND);
    ring_pass(&producer, 1); /* there is something: no sleep at all */
    check(ring_sleep(&consumer, 1000 * SECOND));
    ring_pass(&consumer, 1 * (ring_lend(&consumer, 1, &bytes) == 1));
    check(!ring_has_ended(&consumer));
    ring_end(&producer);
    check(!ring_sleep(&consumer, 1000 * SECOND)); /* nor at the end */
    check(ring_has_ended(&consumer) && ring_lend(&consumer, 1, &bytes) == 0);
    munmap(memory, ring_size(SMALL));
}

/* Whatever stands there, it is refused, and nothing outside of it is touched. */
static void refuse_what_is_no_ring(void)
{
    struct ring ring;
    unsigned char *room;
    unsigned char *bytes;
    struct ring_memory *memory = shared_memory(ring_size(SMALL));
    uint32_t state = 1;
    check(memory != NULL);
    check(ring_attach(&ring, memory, 8, true) != NULL);
    check(strcmp(ring_attach(&ring, memory, ring_size(SMALL), true), "holds no ring") == 0);
    ring_create(memory, SMALL);
    check(strcmp(ring_attach(&ring, memory, ring_size(SMALL) - 1, true), "is too small") == 0);
    memory->version++;
    check(strcmp(ring_attach(&ring, memory, ring_size(SMALL), true), "is of another version") == 0);
    memory->version--;
    memory->capacity = 48;
    check(ring_attach(&ring, memory, ring_size(SMALL), true) != NULL);
    memory->capacity = SMALL;
    check(ring_attach(&ring, memory, ring_size(SMALL), true) == NULL);
    memory->consumer.index = 1; /* beyond head */
    check(ring_lend(&ring, SMALL + 1, &room) == RING_CORRUPT);
    check(ring_attach(&ring, memory, ring_size(SMALL), false) != NULL);
    memory->consumer.index = 0;
    check(ring_attach(&ring, memory, ring_size(SMALL), false) == NULL);
    memory->producer.index = SMALL + 1;
    check(ring_lend(&ring, 1, &bytes) == RING_CORRUPT);
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

/* How often one side was at each border. */
struct borders {
    long steps, blocked, slept, wrapped;
};

static bool sleeps_now(struct borders *borders, uint32_t *state)
{
    borders->blocked++;
    if (next_random(state) % 8 != 0) {
        sched_yield(); /* the next look meets the other side at any point of its step */
        return false;
    }
    borders->slept++;
    return true;
}

/* A wake-up that is lost: then the test does not end in time. */
enum { FOR_EVER = 1000 };

static struct borders produce(void *memory)
{
    struct ring ring;
    struct borders borders = {0};
    uint32_t state = 12345;
    check(ring_attach(&ring, memory, ring_size(SMALL), true) == NULL);
    for (uint64_t sent = 0; borders.steps < STEPS;) {
        unsigned char *room;
        size_t size = ring_lend(&ring, 1 + next_random(&state) % SMALL, &room);
        check(size != RING_CORRUPT);
        if (size == 0) {
            if (sleeps_now(&borders, &state))
                ring_sleep(&ring, FOR_EVER * SECOND);
            continue;
        }
        const size_t part = 1 + next_random(&state) % size;
        for (size_t i = 0; i < part; i++)
            room[i] = byte_at(sent + i);
        pause_at_random(&state);
        ring_pass(&ring, part);
        borders.steps++;
        borders.wrapped += sent / SMALL != (sent + part) / SMALL;
        sent += part;
    }
    ring_end(&ring);
    return borders;
}

static struct borders consume(void *memory)
{
    struct ring ring;
    struct borders borders = {0};
    uint32_t state = 54321;
    check(ring_attach(&ring, memory, ring_size(SMALL), false) == NULL);
    for (uint64_t received = 0;;) {
        unsigned char *bytes;
        const bool ended = ring_has_ended(&ring);
        size_t size = ring_lend(&ring, 1 + next_random(&state) % SMALL, &bytes);
        check(size != RING_CORRUPT);
        if (size == 0 && ended)
            return borders;
        if (size == 0) {
            if (sleeps_now(&borders, &state))
                ring_sleep(&ring, FOR_EVER * SECOND);
            continue;
        }
        const size_t part = 1 + next_random(&state) % size;
        for (size_t i = 0; i < part; i++)
            check(bytes[i] == byte_at(received + i));
        pause_at_random(&state);
        ring_pass(&ring, part);
        borders.steps++;
        borders.wrapped += received / SMALL != (received + part) / SMALL;
        received += part;
    }
}

static void was_everywhere(const char *side, struct borders borders)
{
    printf("%s: %ld steps, %ld times blocked, %ld asleep, %ld around the end\n", side,
           borders.steps, borders.blocked, borders.slept, borders.wrapped);
    check(borders.steps > 0 && borders.blocked > 0 && borders.slept > 0 && borders.wrapped > 0);
}

static void *produce_in_thread(void *memory)
{
    static struct borders borders;
    borders = produce(memory);
    return &borders;
}

static atomic_bool over;

/* Whoever only looks at a ring in use never takes it for a damaged one. */
static void *look(void *memory)
{
    struct ring ring;
    while (!atomic_load(&over)) {
        for (int i = 0; i < 1000; i++) {
            check(ring_attach(&ring, memory, ring_size(SMALL), false) == NULL);
        }
        sleep_for(50 * MICROSECOND);
    }
    return NULL;
}

static void two_threads(void)
{
    pthread_t producer, looker;
    void *memory = shared_memory(ring_size(SMALL)), *result;
    check(memory != NULL);
    ring_create(memory, SMALL);
    check(pthread_create(&looker, NULL, look, memory) == 0);
    check(pthread_create(&producer, NULL, produce_in_thread, memory) == 0);
    was_everywhere("consumer", consume(memory));
    check(pthread_join(producer, &result) == 0);
    was_everywhere("producer", *(struct borders *)result);
    atomic_store(&over, true);
    check(pthread_join(looker, NULL) == 0);
    munmap(memory, ring_size(SMALL));
}

static void two_processes(void)
{
    int status;
    void *memory = shared_memory(ring_size(SMALL));
    check(memory != NULL);
    ring_create(memory, SMALL);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        was_everywhere("producer", produce(memory));
        exit(0);
    }
    was_everywhere("consumer", consume(memory));
    check(waitpid(child, &status, 0) == child && status == 0);
    munmap(memory, ring_size(SMALL));
}

/* One side at its work, asleep most of the time, until it is killed. */
static _Noreturn void work(void *memory, bool as_producer, uint32_t state)
{
    struct ring ring;
    unsigned char *bytes;
    check(ring_attach(&ring, memory, ring_size(SMALL), as_producer) == NULL);
    for (;;) {
        const size_t size = ring_lend(&ring, SMALL, &bytes);
        check(size != RING_CORRUPT);
        const size_t part = size == 0 ? 0 : 1 + next_random(&state) % size;
        for (size_t i = 0; i < part; i++) {
            if (as_producer)
                bytes[i] = byte_at(ring.own + i);
            else
                check(bytes[i] == byte_at(ring.own + i));
        }
        if (part == 0)
            ring_sleep(&ring, FOR_EVER * SECOND);
        else
            ring_pass(&ring, part);
    }
}

/* The survivor's part: fills the ring a little, or takes a little out of it, if there is a way. */
static void step(struct ring *ring, bool as_producer, uint32_t *state)
{
    unsigned char *bytes;
    const size_t size = ring_lend(ring, SMALL, &bytes);
    check(size != RING_CORRUPT);
    if (size == 0)
        return;
    const size_t part = 1 + next_random(state) % size;
    for (size_t i = 0; i < part; i++) {
        if (as_producer)
            bytes[i] = byte_at(ring->own + i);
        else
            check(bytes[i] == byte_at(ring->own + i));
    }
    ring_pass(ring, part);
}

/*
 * One side is killed, asleep, about to sleep, just woken, or at work; a successor goes on with the
 * same bytes where it was, and is woken as it should be.
 */
static void die_asleep(bool producer_dies)
{
    struct ring survivor;
    uint32_t state = 777;
    long asleep = 0;
    struct ring_memory *memory = shared_memory(ring_size(SMALL));
    check(memory != NULL);
    ring_create(memory, SMALL);
    check(ring_attach(&survivor, memory, ring_size(SMALL), !producer_dies) == NULL);
    _Atomic uint32_t *sleeps = /* what the survivor looks at before it rings */
        producer_dies ? &memory->consumer.peer_sleeps : &memory->producer.peer_sleeps;
    fflush(stdout);
    for (int death = 0; death < DEATHS; death++) {
        const pid_t child = fork();
        if (child == 0)
            work(memory, producer_dies, next_random(&state) + (uint32_t)death);
        check(child > 0);
        for (uint32_t steps = next_random(&state) % 4; steps > 0; steps--) {
            while (atomic_load(sleeps) == 0) /* it has come, and has nothing left to do */
                sched_yield();
            const uint64_t before = survivor.own;
            while (survivor.own == before)
                step(&survivor, !producer_dies, &state);
        }
        if (next_random(&state) % 2 == 0)
            while (atomic_load(sleeps) == 0)
                sched_yield();
        asleep += atomic_load(sleeps) != 0;
        kill(child, SIGKILL);
        check(waitpid(child, NULL, 0) == child);
        if (next_random(&state) % 2 == 0)
            step(&survivor, !producer_dies, &state); /* rings for the dead, perhaps */
    }
    printf("%s: %d deaths, %ld of them asleep\n", producer_dies ? "producer" : "consumer", DEATHS,
           asleep);
    check(asleep > 0);
    munmap(memory, ring_size(SMALL));
}

int main(void)
{
    step_by_step();
    refuse_what_is_no_ring();
    two_threads();
    two_processes();
    die_asleep(false);
    die_asleep(true);
    return 0;
}
