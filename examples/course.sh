#!/bin/sh
# SPDX-License-Identifier: MIT
# The course: every lesson from fork to sockets, one event per Enter, and then a sheet of all
# questions with the answers that this machine gave.
#
#   examples/course.sh [--sheet]
#
# Guess before you press Enter. In a lesson r runs on and q ends it; after it, q leaves the course,
# which goes on there next time. --sheet prints the sheet alone: no terminal is needed for that.
. "$(dirname "$0")/common.sh"
[ $# -le 1 ] || usage
case ${1---sheet} in --sheet) ;; *) usage ;; esac
if [ $# -eq 0 ] && ! [ -t 0 ]; then
    echo "course.sh: standard input is no terminal: see --sheet" >&2
    exit 2
fi
place=${XDG_STATE_HOME:-$HOME/.local/state}/ipc-demos-course
answers=$(mktemp)
lesson='' starting='' ended_by=''
trap 'rm -f "$answers"' EXIT
for each in HUP INT TERM; do
    # shellcheck disable=SC2064 # its name now
    trap "leave $each" $each
done

# leave SIGNAL: the lesson ends with the course, which then dies of the signal
leave() {
    ended_by=$1
    [ -z "$starting" ] || return 0 # until we know whom to end
    [ -z "$lesson" ] || { kill "$lesson" && wait "$lesson"; } 2>/dev/null || :
    rm -f "$answers"
    trap - EXIT "$1"
    kill -s "$1" $$
}

# take PROGRAM ROLE [OPTION]: a lesson, in the background: so a signal ends the wait for it
take() {
    taken=0 starting=yes
    "$@" <&3 3<&- &
    lesson=$! starting=
    [ -z "$ended_by" ] || leave "$ended_by"
    wait "$lesson" || taken=$?
    lesson=
    return "$taken"
}

lessons() {
    for mechanism in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
        "ipc-$mechanism" --help |
            sed -n "/^understand it/,/^\$/s/^  \([a-z0-9]*\) .*/ipc-$mechanism \1/p"
    done
}

sheet() {
    for each in $(lessons | tr ' ' :); do
        set -- "${each%:*}" "${each#*:}"
        take "$@" 3</dev/null >"$answers" || echo "Not on this system." >>"$answers"
        printf '%s %s\n  %s\n  %s\n\n' "$@" "$(head -n 1 "$answers")" "$(tail -n 1 "$answers")"
    done
}

exec 3<&0
if [ $# -eq 1 ]; then
    sheet
    exit
fi
count=$(lessons | wc -l)
number=$(cat "$place" 2>/dev/null || echo 1)
counts "$number" || number=1
mkdir -p "$(dirname "$place")"
while [ "$number" -le "$count" ]; do
    each=$(lessons | sed -n "${number}p")
    printf '\nLesson %d of %d: %s\n\n' "$number" "$count" "$each"
    take "${each% *}" "${each#* }" --step || echo "This lesson ended with exit status $taken."
    number=$((number + 1))
    echo "$number" >"$place"
    [ "$number" -le "$count" ] || break
    printf '\nEnter: the next lesson; q: enough for today '
    read -r typed || typed=q
    [ "$typed" != q ] || exit 0
done
rm -f "$place"
printf '\nAll questions, and what this machine answered:\n\n'
sheet
