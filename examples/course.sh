#!/bin/sh
# The course: every lesson from fork to sockets, one event per Enter, and then a sheet of all
# questions with the answers that this machine gave.
#
#   examples/course.sh [--sheet]
#
# Guess before you press Enter. In a lesson r runs on and q ends it; after it, q leaves the course,
# which goes on there next time. --sheet prints the sheet alone: no terminal is needed for that.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
place=${XDG_STATE_HOME:-$HOME/.local/state}/ipc-demos-course
answers=$(mktemp)
trap 'rm -f "$answers"' EXIT

lessons() {
    for mechanism in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
        "ipc-$mechanism" --help |
            sed -n "/^understand it/,/^\$/s/^  \([a-z0-9]*\) .*/ipc-$mechanism \1/p"
    done
}

sheet() {
    lessons | while read -r program role; do
        "$program" "$role" >"$answers" </dev/null || echo "Not on this system." >>"$answers"
        printf '%s %s\n  %s\n  %s\n\n' "$program" "$role" "$(head -n 1 "$answers")" \
            "$(tail -n 1 "$answers")"
    done
}

case ${1-} in
--sheet)
    sheet
    exit
    ;;
?*)
    echo "usage: course.sh [--sheet]" >&2
    exit 2
    ;;
esac
if ! [ -t 0 ]; then
    echo "course.sh: standard input is no terminal: see --sheet" >&2
    exit 2
fi

count=$(lessons | wc -l)
number=$(cat "$place" 2>/dev/null || echo 1)
case $number in '' | *[!0-9]*) number=1 ;; esac
mkdir -p "$(dirname "$place")"
while [ "$number" -le "$count" ]; do
    lesson=$(lessons | sed -n "${number}p")
    printf '\nLesson %d of %d: %s\n\n' "$number" "$count" "$lesson"
    # shellcheck disable=SC2086 # a program and its role
    $lesson --step
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
