# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# Demos and lessons taken event by event, so that a test can interfere at an exact one.

# step COMMAND...: starts it as process $stepped, with a pipe for standard output that holds a single
# event: the next one waits until a call of next_event has taken that. So it is never more than two
# events ahead of us, however busy the machine is: one that the pipe holds, one that waits.
step() {
    [ -r /proc/self/stat ] || skip "no /proc to look with"
    command -v perl >/dev/null || skip "no perl, which makes a pipe that holds a single event"
    rm -f "$scratch/events"
    mkfifo "$scratch/events"
    : >"$scratch/out"
    : >"$scratch/err"
    # 1031 is F_SETPIPE_SZ; O_DIRECT makes each write a packet of its own. A process group of its own, and
    # SIGINT, which a shell ignores in the background, as a terminal would have it
    perl -MFcntl -e '
        setpgrp; $SIG{INT} = "DEFAULT";
        open(STDOUT, ">", shift) or die;
        fcntl(STDOUT, 1031, 4096) && fcntl(STDOUT, F_SETFL, O_WRONLY | O_DIRECT) or die "no packets";
        exec @ARGV' "$scratch/events" "$@" 2>"$scratch/err" &
    stepped=$!
    started $stepped
    exec 9<"$scratch/events"
}

# next_event: takes it, for $scratch/event and at the end of $scratch/out; or fails at the end.
next_event() {
    dd bs=4096 count=1 <&9 >"$scratch/event" 2>/dev/null
    cat "$scratch/event" >>"$scratch/out"
    [ -s "$scratch/event" ]
}

# step_to PATTERN: takes events until one matches.
step_to() {
    while next_event; do
        if grep -Eq -- "$1" "$scratch/event"; then
            return
        fi
    done
    fail "it ended before '$1'"
}

# step_on STATUS: takes all that is left, and wants that exit status. When that ends, nobody is left
# who could write.
step_on() {
    cat <&9 >>"$scratch/out"
    exec 9<&-
    ended "$1" "$stepped"
}

# newest_child PID: prints its pid, and fails if there is none that lives.
newest_child() {
    newest=$(cat "/proc/$1/task/$1/children" 2>/dev/null) || newest=$(ps -o pid= --ppid "$1" | tr '\n' ' ')
    # shellcheck disable=SC2086 # words
    set -- $newest
    [ $# -gt 0 ] || return 1
    shift $(($# - 1))
    ! over "$1" && echo "$1"
}

# kill_child PROGRAM ROLE [EVENT...]: its newest child is killed once the screen has shown those, one
# after the other, or else as soon as there is one. The others do not wait for it: they say that it
# died, exit 3. What the child has still to tell must be two events at least, or one if the last of
# EVENT is that it is about to be forked: otherwise it might have ended before it is killed.
kill_child() {
    step_into "$@"
    await newest_child $stepped
    child=$(newest_child $stepped) || fail "$2: the child has ended before it could be killed"
    kill -KILL "$child"
    step_on 3
    cat "$scratch/err" "$scratch/out" >"$scratch/told"
    has "$scratch/told" "\\(pid $child\\) (died|has ended)|killed by( SIGKILL|\$)"
    narration "$scratch/out"
    nothing_left
}

# kill_parent PROGRAM ROLE [EVENT...]: the program itself is killed there, and none of its children
# is left.
kill_parent() {
    step_into "$@"
    await newest_child $stepped
    child=$(newest_child $stepped) || fail "$2: it has no child"
    kill -KILL $stepped
    step_on 137
    await over "$child"
}

# interrupt_group PROGRAM ROLE: Ctrl-C for all of its processes, after one event and after another of the
# first half: the program dies by it, and so does everybody else.
interrupt_group() {
    lines=$("$1" "$2" | wc -l)
    interrupted=0
    for number in $(seq 3 4 $((lines / 2))); do
        step "$1" "$2"
        for _ in $(seq "$number"); do
            next_event || fail "$1 $2: it has ended before event $number"
        done
        kill -INT -$stepped
        step_on 130
        nothing_left
        interrupted=$((interrupted + 1))
    done
    [ $interrupted -gt 1 ] || fail "$1 $2: only $lines lines"
}

step_into() {
    program=$1
    role=$2
    shift 2
    step "$program" "$role"
    [ $# -gt 0 ] || set -- 'fork\(\)$'
    for event in "$@"; do
        step_to "$event"
    done
}
