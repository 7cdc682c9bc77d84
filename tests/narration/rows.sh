# SPDX-License-Identifier: MIT
# Every demo and lesson on a terminal: at most 40 rows, its question again above the answer where it has
# scrolled off 24; no row wider than the terminal; and on 120 columns none that goes on in the next one,
# but for a sleep that only a busy machine makes. Eight lessons fit on 24 rows, but for such a sleep.
# timeout: 120
. "$SOURCE/tests/harness.sh"

[ -z "$SANITIZE" ] || skip "sanitizers do without the thread that tells of sleepers: other rows"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "script has other options here"
unset NO_COLOR
export TERM=dumb

# fits PROGRAM ROLE COLUMNS
fits() {
    screen=$scratch/$1-$2-$3
    script -qec "stty cols $3; COLUMNS=$3 $1 $2" /dev/null </dev/null 2>&1 | tr -d '\r' >"$screen"
    grep -q 'this system has no' "$screen" && return
    most=40
    case $1:$2 in *:shell | *:reap | *:group | *:unsafe | *:loss | *:sets | *:order | *:pair) most=24 ;; esac
    awk -v role="$2" -v columns="$3" -v most=$most '
        NR == 1 { question = $0 }
        { above = last; last = $0; sleeps += /^ +([|] +)?asleep [0-9]+ ms/ }
        length > columns { print "too wide: " $0; bad = 1 }
        columns == 120 && /^        / && !/^ +([|] +)?asleep [0-9]+ ms/ { print "goes on: " $0; bad = 1 }
        END {
            if (NR < 3 || NR - (most < 40 ? sleeps : 0) > most) { print NR " rows"; bad = 1 }
            if (role != "demo" && question !~ /[?]$/) { print "no question: " question; bad = 1 }
            if (role != "demo" && NR > 24 && above != question) { print "the question is gone"; bad = 1 }
            exit bad
        }' "$screen" >"$screen.wrong" || {
        cat "$screen" "$screen.wrong" >&2
        fail "$1 $2 on $3 columns"
    }
}
fit_all() {
    for role in demo $("$1" --help | sed -n '/^understand it/,/^$/s/^  \([a-z0-9]*\) .*/\1/p'); do
        fits "$1" "$role" 80
        fits "$1" "$role" 120
        count=$((count + 1))
    done
    [ "$count" -ge 4 ] || fail "$1: only $count roles"
}

all=
count=0
for program in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    fit_all ipc-$program &
    all="$all $!"
done
for one in $all; do
    wait "$one" || fail 'see above'
done
nothing_left
