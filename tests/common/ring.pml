/*
 * The sleep of the ring, for spin: one byte of room, so that each side must wait for the other at
 * every turn. Sequentially consistent, as the four operations that matter are in ring.c.
 *
 * Checked: no deadlock, so no lost wake-up (here a sleep is not bounded), and never more in the ring
 * than it holds.
 */
#define TURNS 3

byte head, tail;
bit consumer_sleeps, producer_sleeps;
byte consumer_bell, producer_bell;

proctype producer() {
    bit was;
    do
    :: head == TURNS -> break
    :: else ->
        do
        :: head - tail < 1 -> break
        :: else -> /* full: ring_sleep_while_full() */
            producer_sleeps = 1;
            if
            :: tail != head - 1 ->
                d_step { was = producer_sleeps; producer_sleeps = 0 }
                if
                :: was == 0 -> /* sem_trywait(): the post may not be there yet */
                    if
                    :: d_step { producer_bell > 0 -> producer_bell-- }
                    :: producer_bell == 0 -> skip
                    fi
                :: else -> skip
                fi
            :: else ->
                d_step { producer_bell > 0 -> producer_bell-- } /* sem_wait() */
                producer_sleeps = 0
            fi
        od;
        head++; /* ring_commit() */
        if
        :: consumer_sleeps != 0 ->
            d_step { was = consumer_sleeps; consumer_sleeps = 0 }
            if
            :: was != 0 -> consumer_bell++
            :: else -> skip
            fi
        :: else -> skip
        fi
    od
}

proctype consumer() {
    bit was;
    do
    :: tail == TURNS -> break
    :: else ->
        do
        :: head != tail -> break
        :: else -> /* empty: ring_sleep_while_empty() */
            consumer_sleeps = 1;
            if
            :: head != tail ->
                d_step { was = consumer_sleeps; consumer_sleeps = 0 }
                if
                :: was == 0 ->
                    if
                    :: d_step { consumer_bell > 0 -> consumer_bell-- }
                    :: consumer_bell == 0 -> skip
                    fi
                :: else -> skip
                fi
            :: else ->
                d_step { consumer_bell > 0 -> consumer_bell-- }
                consumer_sleeps = 0
            fi
        od;
        assert(head - tail <= 1);
        tail++; /* ring_release() */
        if
        :: producer_sleeps != 0 ->
            d_step { was = producer_sleeps; producer_sleeps = 0 }
            if
            :: was != 0 -> producer_bell++
            :: else -> skip
            fi
        :: else -> skip
        fi
    od
}

init { atomic { run producer(); run consumer() } }
