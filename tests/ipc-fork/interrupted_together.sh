# Ctrl-C goes to parent and children alike: parent dies by it, too, even if they were faster.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"
command -v perl >/dev/null || skip "no perl to make a process group with"

# interrupt READY COMMAND...: SIGINT to the whole group when READY comes true
interrupt() {
    ready=$1
    shift
    rm -f "$scratch"/out "$scratch"/err "$scratch"/pid.*
    perl -e '$SIG{INT} = "DEFAULT"; setpgrp; exec @ARGV' "$@" >"$scratch/out" 2>"$scratch/err" &
    group=$!
    started $group
    await "$ready"
    kill -INT "-$group"
    ended 130 $group
}
all_started() {
    [ "$(cat "$scratch"/pid.* 2>/dev/null | wc -l)" -eq 3 ]
}
has_children() {
    grep -q '\[2\] getppid' "$scratch/out"
}

tries=0
while [ $tries -lt 10 ]; do
    tries=$((tries + 1))
    # shellcheck disable=SC2016
    interrupt all_started \
        ipc-fork parent -n 3 -- sh -c 'echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch"
    hasnt "$scratch/err" 'killed'
done
interrupt has_children ipc-fork parent -n 3 --pace 0.02
