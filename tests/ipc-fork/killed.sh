# SPDX-License-Identifier: MIT
# Killed or interrupted, alone or with its whole group, at whatever moment: none of its children is left.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"
command -v perl >/dev/null || skip "no perl to start a program with SIGINT at its default"

# no_group PID: nobody of that process group lives
no_group() {
    ! ps -A -o pgid= -o stat= |
        awk -v group="$1" '$1 == group && $2 !~ /^Z/ { n++ } END { exit !n }'
}
for signal in TERM KILL; do
    [ $signal = KILL ] && status=137 || status=143
    for events in 3 9 15; do
        for story in 'parent -n 9' loop; do
            # shellcheck disable=SC2086 # words
            step ipc-fork $story
            for _ in $(seq $events); do
                next_event
            done
            kill -$signal $stepped
            step_on "$status"
            await no_group $stepped
        done
    done
done

# each copy notes its pid; all_started N: so many have
all_started() {
    [ "$(cat "$scratch"/pid.* 2>/dev/null | wc -l)" -eq "$1" ]
}
all_gone() {
    cat "$scratch"/pid.* | while read -r pid; do
        over "$pid" || exit 1
    done
}
none_left() {
    all_gone || fail "a copy is left"
    rm -f "$scratch"/pid.*
}

# perl: a shell starts what is in the background with SIGINT ignored, and ignored it would stay
for signal in TERM INT HUP; do
    # shellcheck disable=SC2016
    perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' \
        ipc-fork parent -n 3 -- sh -c 'echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch" &
    parent=$!
    started $parent
    await all_started 3
    kill -$signal $parent
    case $signal in TERM) status=143 ;; INT) status=130 ;; HUP) status=129 ;; esac
    ended "$status" $parent
    none_left
done

# copies that do not listen
# shellcheck disable=SC2016
ipc-fork parent -n 3 -- \
    sh -c 'trap "" TERM; echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch" &
parent=$!
started $parent
await all_started 3
kill -TERM $parent
ended 143 $parent
none_left

# copies that are told, and say so
# shellcheck disable=SC2016
ipc-fork parent -n 2 -- sh -c 'trap "echo told $IPC_INDEX; exit" TERM
    echo $$ >"$0/pid.$IPC_INDEX"; while :; do sleep 0.02; done' "$scratch" >"$scratch/told" &
parent=$!
started $parent
await all_started 2
kill -TERM $parent
ended 143 $parent
none_left
[ "$(sort "$scratch/told" | tr '\n' ' ')" = "told 0 told 1 " ] || fail "not told: $(cat "$scratch/told")"

# a parent that is killed can pass nothing on: the copies end all the same, where the system helps
if on_linux; then
    # shellcheck disable=SC2016
    ipc-fork parent -n 2 -- sh -c 'echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch" &
    parent=$!
    started $parent
    await all_started 2
    kill -KILL $parent
    ended 137 $parent
    await all_gone
fi

# Ctrl-C goes to parent and copies alike: parent dies by it, even if they were faster
for _ in 1 2 3 4 5 6 7 8 9 10; do
    rm -f "$scratch"/pid.*
    # shellcheck disable=SC2016
    perl -e '$SIG{INT} = "DEFAULT"; setpgrp; exec @ARGV' \
        ipc-fork parent -n 3 -- sh -c 'echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch" \
        >"$scratch/out" 2>"$scratch/err" &
    group=$!
    started $group
    await all_started 3
    kill -INT "-$group"
    ended 130 $group
    hasnt "$scratch/err" 'killed'
done
# and so in the story
# shellcheck disable=SC2016
step perl -e '$SIG{INT} = "DEFAULT"; setpgrp; exec @ARGV' ipc-fork parent -n 3
step_to '\[2\] getppid'
kill -INT "-$stepped"
step_on 130
