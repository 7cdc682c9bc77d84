# SPDX-License-Identifier: MIT
# coalesce, mask, restart, selfpipe, group and unsafe show what the kernel does, measured in that run.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

lessons='coalesce mask restart selfpipe group unsafe'
# shellcheck disable=SC2086 # words
check_lessons ipc-signal $lessons
for lesson in $lessons; do
    has "$scratch/$lesson" '^-> mistake: '
    has "$scratch/$lesson" '^-> right: '
done
has "$scratch/coalesce" 'kill\([0-9]+, SIGUSR1\), 1000'
has "$scratch/coalesce" 'sigtimedwait\(\{SIGUSR1\}, 0\) = [0-9]+, 1 time$'
has "$scratch/coalesce" '1000 in order'
has "$scratch/coalesce" '^1 SIGUSR1 arrived: pending is one bit\. 1000 SIGRTMIN arrived, in order\.$'
has "$scratch/mask" 'as written: [0-9]+ changes, [1-9][0-9]* signals, [0-9]+ saw'
has "$scratch/mask" 'with the pause: [0-9]+ changes, [1-9][0-9]* signals, [1-9][0-9]* saw'
has "$scratch/mask" 'signals, 0 saw'
has "$scratch/mask" 'sigprocmask\(SIG_BLOCK, \{SIGUSR1\}\), [1-9][0-9]* times$'
has "$scratch/mask" 'sigprocmask\(SIG_SETMASK, before\), [1-9][0-9]* times$'
has "$scratch/restart" "(read\([0-9]+\)|') ?= -1 EINTR"
has "$scratch/restart" "(read\([0-9]+\)|') ?= 4, note\(\) ran"
has "$scratch/restart" "(poll\(.*\)|') ?= -1 EINTR"
has "$scratch/selfpipe" "= 0  asleep 3[0-9][0-9] ms: without that limit for ever"
has "$scratch/selfpipe" 'flag is 1: it stayed'
has "$scratch/selfpipe" 'flag = 1, write\([0-9]+, 1 byte\) = 1$'
has "$scratch/selfpipe" 'poll\(\{[0-9]+ POLLIN, [0-9]+ POLLIN\}, 300 ms\) = 1$'
has "$scratch/group" 'Ctrl-C +handler ran in: \[1\] \[2\]$'
has "$scratch/group" '\[1\] kill\(0, SIGINT\) = 0  ran: \[1\] \[2\]$'
has "$scratch/group" '\[1\] kill\(-[0-9]+, SIGINT\) = 0  ran: \[3\]$'
has "$scratch/group" '= stopped by SIGTTIN'
has "$scratch/group" '\[3\] read\([0-9]+\) = 6  "hello\\n"$'
has "$scratch/unsafe" '\[4\] went on  handler ended [0-9]'
has "$scratch/unsafe" '^Of 3 children [0-3] hung, [0-3] died.* With a flag, it went on\.$'

# the group and the terminal of whoever starts it have no part in it
if command -v setsid >/dev/null; then
    run 0 setsid ipc-signal group </dev/null
    has "$scratch/out" '= stopped by SIGTTIN'
fi
