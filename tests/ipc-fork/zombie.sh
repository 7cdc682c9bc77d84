# SPDX-License-Identifier: MIT
# zombie shows the state letter before and after the end and after wait, as ps sees it.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

on_linux || skip "nobody tells the state of a process here"
run 0 ipc-fork zombie
narration "$scratch/out"
child=$(sed -n 's/^.*  kill(\([0-9]*\), SIGKILL) = 0  Z$/\1/p' "$scratch/out")
[ -n "$child" ] || fail "kill() of a zombie failed, or did something"
has "$scratch/out" "kill\($child, 0\) = 0  (R: runs|S: asleep)$"
awk '/kill\(.*  [RS]: / { lived = NR } /_exit/ { left = NR } /Z: zombie/ { if (!left) exit 1; ended = NR }
     /SIGKILL/ { if (!ended) exit 1; killed = NR } /= exit status 7/ { if (!killed) exit 1; waited = NR }
     /ESRCH/ { if (!waited) exit 1; gone++ } END { exit !lived || gone != 2 }' "$scratch/out" ||
    fail "not in this order"
has "$scratch/out" "(waitpid\($child\)|') ?= exit status 7$"
has "$scratch/out" "kill\($child, 0\) = -1  ESRCH$"
has "$scratch/out" "(waitpid\([0-9]+\)|') ?= -1  ECHILD( |$)" # with SIGCHLD ignored there is no zombie
has "$scratch/out" '^Its pid and its exit status: a zombie, '

# a zombie that is there to be looked at: it is what ps says, too
step ipc-fork zombie
step_to 'Z: zombie'
child=$(sed -n 's/^.*kill(\([0-9]*\), 0) = 0  .*$/\1/p' "$scratch/out")
case $(ps -o stat= -p "$child") in Z*) ;; *) fail "ps says otherwise" ;; esac
step_on 0
