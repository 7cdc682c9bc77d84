/*
 * The sleep of the ring, for spin: room for two, so that each side must wait for the other again and
 * again, and at every point of the other's step. Sequentially consistent, as the four operations
 * that matter are in ring.c.
 *
 * Checked: no deadlock, so no lost wake-up, at the end of the stream neither; never more in the ring
 * than it holds; the end is seen after everything before it. A sleep here is not bounded, else a
 * lost wake-up would not show. But a few of them end by themselves, as after a signal or at their
 * bound, at whatever moment. Bells that were not waited for end a later sleep early; they do not pile
 * up: there are never more than two, and one for each sleep that ended by itself.
 */
#define TURNS 4
#define CAPACITY 2
#define EARLY 2 /* so many sleeps that end by themselves */

byte head, tail, early = EARLY;
bit consumer_sleeps, producer_sleeps, ended;
byte consumer_bell, producer_bell;

/* wake(): atomic_load, atomic_exchange, sem_post */
inline wake(sleeps, bell) {
    if
    :: sleeps != 0 ->
        d_step { was = sleeps; sleeps = 0 }
        if
        :: was != 0 -> bell++; assert(bell <= 2 + EARLY)
        :: else -> skip
        fi
    :: else -> skip
    fi
}

/* The rest of ring_sleep(), after the flag was set and the other's side looked at again. */
inline stay_awake(sleeps, bell) {
    d_step { was = sleeps; sleeps = 0 }
    if
    :: was == 0 -> /* sem_trywait(): the post may not be there yet */
        if
        :: d_step { bell > 0 -> bell-- }
        :: bell == 0 -> skip
        fi
    :: else -> skip
    fi
}

inline sleep(sleeps, bell) {
    if
    :: d_step { bell > 0 -> bell-- } /* sem_timedwait() */
    :: d_step { early > 0 -> early-- }
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
            :: tail != head - CAPACITY -> stay_awake(producer_sleeps, producer_bell)
            :: else -> sleep(producer_sleeps, producer_bell)
            fi
        od;
        head++; /* ring_pass() */
        wake(consumer_sleeps, consumer_bell)
    od;
    ended = 1; /* ring_end() */
    wake(consumer_sleeps, consumer_bell)
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
                :: head != tail -> stay_awake(consumer_sleeps, consumer_bell)
                :: else ->
                    if
                    :: ended -> stay_awake(consumer_sleeps, consumer_bell)
                    :: else -> sleep(consumer_sleeps, consumer_bell)
                    fi
                fi
            fi
        od;
        assert(head - tail <= CAPACITY);
        tail++; /* ring_pass() */
        wake(producer_sleeps, producer_bell)
    od;
done:
    assert(tail == TURNS)
}

init { atomic { run producer(); run consumer() } }
