# SPDX-License-Identifier: MIT
# The demo: ignore, a handler, stop and go on, a value, what nobody can refuse, the default action.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-signal
for seen in 'killed by SIGUSR1' 'goes on as if nothing had come' 'note\(SIGUSR1\): from [0-9]+, no' \
    "'= 1  it went on in here" '= -1 EINVAL' 'stopped by SIGTSTP' \
    'note\(SIGRTMIN\): from [0-9]+, value 42'; do
    has "$scratch/demo" "$seen"
done
# a class that follows slowly sees the same: the child waits for the signal, and for no time; only
# whether the parent sleeps until the child has died at the end is luck
ipc-signal demo --pace 0.1 >"$scratch/paced" || fail "the demo with pauses"
for shown in "$scratch/demo" "$scratch/paced"; do
    narration "$shown"
    sed 's/^ *[0-9.]*  //; s/[0-9][0-9]*/N/g; s/  asleep N ms.*//; /^ *asleep/d; s/  *|$//; /waitpid/,$d' \
        "$shown" >"$shown.events"
done
same "$scratch/demo.events" "$scratch/paced.events"
