/* SPDX-License-Identifier: MIT
 * The sleep of the ring, for spin: room for two, so that each side must wait for the other again and
 * again, and at every point of the other's step. Sequentially consistent, as the four operations
 * that matter are in ring.c.
 *
 * Checked: no deadlock, so no lost wake-up, at the end of the stream neither; never more in the ring
 * than it holds; the end is seen after everything before it. A sleep here is not bounded, else a
 * lost wake-up would not show. But a few of them end by themselves, as after a signal or at their
 * bound, at whatever moment. A wake-up that comes late may end a later sleep early; then the flag may
 * be clear while its owner is about to sleep again: the kernel does not put it to sleep then.
 */
#define TURNS 4
#define CAPACITY 2
#define EARLY 2 /* so many sleeps that end by themselves */

byte head, tail, early = EARLY;
bit consumer_sleeps, producer_sleeps, ended;
bit consumer_queued, producer_queued; /* in the kernel, on the word of that flag */

/* wake_peer(): atomic_load, atomic_exchange, wake_sleepers() */
inline wake(sleeps, queued) {
    if
    :: sleeps != 0 ->
        d_step { was = sleeps; sleeps = 0 }
        if
        :: was != 0 -> queued = 0
        :: else -> skip
        fi
    :: else -> skip
    fi
}

inline sleep(sleeps, queued) {
    d_step { queued = sleeps } /* sleep_while(): looks at the flag and queues, as one step */
    if
    :: queued == 0
    :: d_step { early > 0 && queued != 0 -> early--; queued = 0 }
    fi;
    sleeps = 0
}

proctype producer() {
    bit was;
    do
    :: head == TURNS -> break
    :: else ->
        do
        :: head - tail < CAPACITY -> break
        :: else -> /* full: ring_sleep() */
            producer_sleeps = 1;
            if
            :: tail != head - CAPACITY -> producer_sleeps = 0
            :: else -> sleep(producer_sleeps, producer_queued)
            fi
        od;
        head++; /* ring_pass() */
        wake(consumer_sleeps, consumer_queued)
    od;
    ended = 1; /* ring_end() */
    wake(consumer_sleeps, consumer_queued)
}

proctype consumer() {
    bit was, was_ended;
    do
    :: true ->
        do
        :: true ->
            was_ended = ended; /* before the look at what is there, as in lend_block() */
            if
            :: head != tail -> break
            :: head == tail && was_ended -> goto done
            :: else -> /* empty: ring_sleep() */
                consumer_sleeps = 1;
                if
                :: head != tail -> consumer_sleeps = 0
                :: else ->
                    if
                    :: ended -> consumer_sleeps = 0
                    :: else -> sleep(consumer_sleeps, consumer_queued)
                    fi
                fi
            fi
        od;
        assert(head - tail <= CAPACITY);
        tail++; /* ring_pass() */
        wake(producer_sleeps, producer_queued)
    od;
done:
    assert(tail == TURNS)
}

init { atomic { run producer(); run consumer() } }
