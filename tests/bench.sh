# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# What the benches of all programs have in common.

# kinds: the ways of waiting, each with its place, that have rows without --cpus
kinds() {
    if ! on_linux; then
        echo block,free spin,free
    elif [ "$(nproc)" -eq 1 ] || [ "$mechanism" = fork ]; then
        echo block,same
    else
        echo block,two block,same spin,two
    fi
}

# check_bench MECHANISM VARIANTS SIZE...: rows of these variants for each way of waiting, place and size
# ('' where there is none), as CSV and as a table; what is wrong on the command line is named.
check_bench() {
    mechanism=$1
    variants=$2
    shift 2
    rows=0
    options=
    case $mechanism in fork | semaphore) more= ;; *) more='--bytes 10K' ;; esac
    for size in "$@"; do
        options="$options${size:+ --size $size}"
    done
    # shellcheck disable=SC2086 # options are words
    run 0 "ipc-$mechanism" bench --csv --count 20 $more $options
    check_csv "$mechanism"
    for variant in $variants; do
        for kind in $(kinds); do
            for size in "$@"; do
                has "$scratch/out" "^$mechanism,$(echo "$variant" | sed 's/+/\\+/'),$kind,$size,20,"
                rows=$((rows + 1))
            done
        done
    done
    [ "$(grep -c ',\(block\|spin\),' "$scratch/out")" -eq $rows ] || fail "not $rows rows"

    # shellcheck disable=SC2086 # options are words
    run 0 "ipc-$mechanism" bench --count 20 --wait spin $more $options
    has "$scratch/out" 'processors online'
    has "$scratch/out" 'includes reading the clock, [0-9]+ ns'
    case $mechanism in
    fork | semaphore) hasnt "$scratch/out" 'a KiB' ;;
    *) has "$scratch/out" 'bytes, [0-9]+ ns a KiB' ;;
    esac
    has "$scratch/out" '^Reference, spin (two|free): [0-9.]+ microseconds before all rows, [0-9.]+ after'
    hasnt "$scratch/out" '^[a-z+]+ +block'
    # (a row of 100 ms and more is wider: that depends on what else the machine does)
    awk 'length > 80 && !/[0-9][0-9][0-9][0-9][0-9][0-9]/ { exit 1 }' "$scratch/out" || fail "wider than 80 columns"

    run 2 "ipc-$mechanism" bench --size 0
    run 2 "ipc-$mechanism" bench --count 0
    run 2 "ipc-$mechanism" bench --wait sleep
    run 2 "ipc-$mechanism" bench --cpus three
    run 2 "ipc-$mechanism" bench --wait spin --cpus same
    has "$scratch/err" '--cpus same'
    run 2 "ipc-$mechanism" bench operand
    nothing_left
}

# check_csv MECHANISM: the head, and in every row numbers that do not decrease.
check_csv() {
    head='mechanism,variant,wait,cpus,size,count,rtt_p50_ns,rtt_p90_ns,rtt_p99_ns,rtt_p999_ns,rtt_max_ns'
    [ "$(head -n 1 "$scratch/out")" = "$head,messages_per_s,mib_per_s" ] || fail "another head"
    awk -F, -v mechanism="$1" '
        NR > 1 && !(NF == 13 && $1 == mechanism && $6 > 0 && $7 + 0 <= $8 + 0 && $8 + 0 <= $9 + 0 &&
                    $9 + 0 <= $10 + 0 && $10 + 0 <= $11 + 0 && $12 > 0) { print; bad = 1 }
        NR > 1 { for (i = 6; i <= 13; i++) if ($i !~ /^[0-9]*([.][0-9]+)?$/) { print; bad = 1 } }
        END { exit bad }' "$scratch/out" >&2 || fail "a row is not right"
}

# check_ends MECHANISM: the child is killed, and the parent is ended, while they measure.
check_ends() {
    for wait in block spin; do
        start_bench "$1" --wait $wait
        await child_is_killed
        ended 3 $bench
        has "$scratch/err" "pid $killed\) died: killed by SIGKILL"
        nothing_left

        start_bench "$1" --wait $wait
        kill -TERM $bench
        ended 143 $bench
        await over "$child"
        nothing_left
    done
    check_places "$1"
}

# A child of the reference may have ended before it could be killed.
child_is_killed() {
    over "$bench" || { find_child && killed=$child && kill -KILL "$child" && false; }
}

# check_places MECHANISM: where both run is seen from outside.
check_places() {
    on_linux || return 0
    all=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/$$/status)
    first=${all%%[-,]*}
    place "$1" same "$first" "$first"
    place "$1" free "$all" "$all"
    if [ "$(nproc)" -gt 1 ]; then
        place "$1" two "$first" "[0-9]+"
        ! run_at $bench "$(cpus_of "$child")" || fail "both run on one processor"
    fi
    stop_bench

    if command -v taskset >/dev/null; then # with one processor only
        run 0 taskset -c "$first" "ipc-$1" bench --csv --count 20
        hasnt "$scratch/out" ',(spin|two|free),'
        has "$scratch/out" ',block,same,'
        run 0 taskset -c "$first" "ipc-$1" bench --csv --count 20 --wait spin
        hasnt "$scratch/out" ',(block|two|same),'
        has "$scratch/out" ',spin,free,'
        run 1 taskset -c "$first" "ipc-$1" bench --cpus two
        has "$scratch/err" '--cpus two: .* one processor only'
    fi
}

# place MECHANISM CPUS PARENT CHILD: where each may run, soon after the start
place() {
    stop_bench
    start_bench "$1" --wait block --cpus "$2"
    await run_there "$3" "$4"
}
run_there() {
    find_child && run_at "$bench" "$1" && run_at "$child" "$2"
}
cpus_of() {
    sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "/proc/$1/status"
}
run_at() {
    cpus_of "$1" | grep -qxE "$2"
}
stop_bench() {
    kill -TERM "$bench" 2>/dev/null
    wait "$bench" 2>/dev/null
}

# start_bench MECHANISM OPTION...: until a child has measured for a while
start_bench() {
    mechanism=$1
    shift
    "ipc-$mechanism" bench --csv --count 100000000 "$@" >"$scratch/out" 2>"$scratch/err" &
    bench=$!
    started $bench
    await find_child
}

# A child that has used the processor for 50 ms measures a row.
find_child() {
    child=
    read -r child <"/proc/$bench/task/$bench/children" || [ -n "$child" ]
    child=${child% }
    [ -n "$child" ] && [ "$(sed 's/.*) //' "/proc/$child/stat" | awk '{ print $12 + $13 }')" -ge 5 ]
}
