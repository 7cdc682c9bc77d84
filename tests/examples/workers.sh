# SPDX-License-Identifier: MIT
# workers.sh gives every line to exactly one worker, or fails, and then ends all of them.
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

workers=$SOURCE/examples/workers.sh
seq 1 5000 >"$scratch/lines"
run 0 "$workers" 3 "sed -u 's/\$/ done/'" <"$scratch/lines"
sort -n "$scratch/out" >"$scratch/sorted"
sed 's/$/ done/' "$scratch/lines" >"$scratch/expected"
same "$scratch/sorted" "$scratch/expected"
echo one >"$scratch/line"
run 0 "$workers" 9 cat <"$scratch/line"
[ "$(cat "$scratch/out")" = one ] || fail "another line"
run 0 "$workers" 2 cat </dev/null

# one fails, or all; of more lines than a queue holds
seq 1 1000000 >"$scratch/many"
command_is one_fails 'mkdir "$first" 2>/dev/null && exit 7' 'exec cat >/dev/null'
first=$scratch/first PATH=$scratch/bin:$PATH run 7 "$workers" 3 one_fails <"$scratch/many"
has "$scratch/err" 'workers.sh: sh -c one_fails: exit status 7$'
run 8 "$workers" 3 'exit 8' <"$scratch/many"
# fails COMMAND...: with the status of the side that failed, or of the other, that misses it
fails() {
    got=0
    "$@" >"$scratch/out" 2>"$scratch/err" || got=$?
    case $got in 1 | 3) ;; *) fail "'$*' exited $got" ;; esac
}
# one ends before the lines do, and has done nothing wrong
fails "$workers" 2 'head -n 1' <"$scratch/many"
has "$scratch/err" 'ipc-msgqueue: .*the last is lost'
nobody_left || fail "left: $left"
nothing_left

# a producer that fails, and consumers
head -c 100000 /dev/zero >"$scratch/long"
fails "$workers" 2 'cat >/dev/null' <"$scratch/long"
IPC_DEMOS_DIR=$scratch/lines run 1 "$workers" 2 cat <"$scratch/lines"
has "$scratch/err" '^ipc-msgqueue: '

command_is waits 'read -r line' ': >"$runs"' 'sleep 1000'
interrupted "$workers" 2 'waits; waits' <"$scratch/many"
nothing_left
