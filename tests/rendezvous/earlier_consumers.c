/* SPDX-License-Identifier: MIT
 * Where others may follow, a producer counts only the consumers that have ended since it joined:
 * what an earlier one has confirmed are another producer's bytes. And where there are several, all
 * have to confirm.
 */
#include "folder.h"

#include "ipc/common/cleanup.h"
#include "ipc/rendezvous/rendezvous.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static int told[2], orders[2];

/* A member that enters, and then does what it is told: 'd' done, 'l' leaves. */
static pid_t join(enum member_role role)
{
    static struct rendezvous rendezvous = {.may_follow = true};
    char order;
    check(pipe(orders) == 0);
    const pid_t member = fork();
    check(member != -1);
    if (member != 0) {
        check(read(told[0], &order, 1) == 1);
        close(orders[0]);
        return member;
    }
    close(orders[1]);
    catch_ending_signals();
    rendezvous_join(&rendezvous, "test", "earlier", role, false, UINT64_MAX);
    rendezvous_enter(&rendezvous);
    check(write(told[1], "", 1) == 1);
    while (read(orders[0], &order, 1) == 1) {
        if (order == 'd')
            rendezvous_set_state(&rendezvous, STATE_DONE);
        check(write(told[1], "", 1) == 1);
    }
    exit(0);
}

static void order(int to, char what)
{
    char answer;
    check(write(to, &what, 1) == 1 && read(told[0], &answer, 1) == 1);
}

static void end(pid_t member, int by, int signal_number)
{
    int status;
    if (signal_number != 0)
        check(kill(member, signal_number) == 0);
    close(by);
    check(waitpid(member, &status, 0) == member);
}

int main(void)
{
    static struct rendezvous ours = {.may_follow = true};
    make_folder();
    program_name = "test";
    take_over_inherited_state();
    check(pipe(told) == 0);
    const pid_t first = join(PRODUCER), first_consumer = join(CONSUMER);
    const int consumer_orders = orders[1];
    order(consumer_orders, 'd');
    end(first_consumer, consumer_orders, 0);
    const pid_t dead = join(CONSUMER);
    end(dead, orders[1], SIGKILL);

    rendezvous_join(&ours, "test", "earlier", PRODUCER, false, UINT64_MAX);
    rendezvous_enter(&ours);
    struct peers consumers = rendezvous_peers(&ours, CONSUMER);
    check(consumers.done == 0 && consumers.left == 0 && consumers.died == 0 &&
          consumers.alive == 0);
    rendezvous_set_state(&ours, STATE_DONE);
    check(!rendezvous_await_received(&ours)); /* nobody is here */

    const pid_t second = join(CONSUMER);
    const int second_orders = orders[1];
    const pid_t third = join(CONSUMER);
    const int third_orders = orders[1];
    order(second_orders, 'd');
    consumers = rendezvous_peers(&ours, CONSUMER);
    check(consumers.done == 1 && consumers.alive == 2);
    end(third, third_orders,
        SIGKILL); /* one of two has confirmed, the other had some of the bytes */
    check(!rendezvous_await_received(&ours));
    end(second, second_orders, 0);

    kill(first, SIGKILL);
    check(waitpid(first, NULL, 0) == first);
    rendezvous_leave(&ours);
    return 0;
}
