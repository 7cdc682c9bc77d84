# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# What the benches of all programs have in common.

# check_bench MECHANISM VARIANTS SIZE...: rows of these variants for each way of waiting and size
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
        for wait in block spin; do
            for size in "$@"; do
                has "$scratch/out" "^$mechanism,$(echo "$variant" | sed 's/+/\\+/'),$wait,$size,20,"
                rows=$((rows + 1))
            done
        done
    done
    [ "$(grep -c ',\(block\|spin\),' "$scratch/out")" -eq $rows ] || fail "not $rows rows"

    # shellcheck disable=SC2086 # options are words
    run 0 "ipc-$mechanism" bench --count 20 --wait spin $more $options
    has "$scratch/out" 'processors online'
    hasnt "$scratch/out" '^[a-z+]+ +block'
    # (a row of 100 ms and more is wider: that depends on what else the machine does)
    awk 'length > 80 && !/[0-9][0-9][0-9][0-9][0-9][0-9]/ { exit 1 }' "$scratch/out" || fail "wider than 80 columns"

    run 2 "ipc-$mechanism" bench --size 0
    run 2 "ipc-$mechanism" bench --count 0
    run 2 "ipc-$mechanism" bench --wait sleep
    run 2 "ipc-$mechanism" bench operand
    nothing_left
}

# check_csv MECHANISM: the head, and in every row numbers that do not decrease.
check_csv() {
    head='mechanism,variant,wait,size,count,rtt_p50_ns,rtt_p90_ns,rtt_p99_ns,rtt_p999_ns,rtt_max_ns'
    [ "$(head -n 1 "$scratch/out")" = "$head,messages_per_s,mib_per_s" ] || fail "another head"
    awk -F, -v mechanism="$1" '
        NR > 1 && !(NF == 12 && $1 == mechanism && $5 > 0 && $6 + 0 <= $10 + 0 && $7 + 0 <= $8 + 0 &&
                    $8 + 0 <= $9 + 0 && $9 + 0 <= $10 + 0 && $11 > 0) { print; bad = 1 }
        NR > 1 { for (i = 5; i <= 12; i++) if ($i !~ /^[0-9]*([.][0-9]+)?$/) { print; bad = 1 } }
        END { exit bad }' "$scratch/out" >&2 || fail "a row is not right"
}

# check_ends MECHANISM: the child is killed, and the parent is ended, while they measure.
check_ends() {
    for wait in block spin; do
        start_bench "$1" $wait
        kill -KILL "$child"
        ended 3 $bench
        has "$scratch/err" "pid $child\) died: killed by SIGKILL"
        nothing_left

        start_bench "$1" $wait
        kill -TERM $bench
        ended 143 $bench
        await over "$child"
        nothing_left
    done
}

start_bench() {
    "ipc-$1" bench --csv --wait "$2" --count 100000000 >"$scratch/out" 2>"$scratch/err" &
    bench=$!
    started $bench
    child=
    await find_child
}

find_child() {
    read -r child <"/proc/$bench/task/$bench/children" || [ -n "$child" ]
    child=${child% }
    [ -n "$child" ]
}
