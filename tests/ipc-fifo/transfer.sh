# SPDX-License-Identifier: MIT
# producer and consumer, either first, by name and by path: byte for byte; then nothing is left.
. "$SOURCE/tests/harness.sh"

for size in 0 1 4095 4097 65536 1048577 20000001; do
    random_bytes "$size" >"$scratch/file"
    for where in "--name $name" "--path $scratch/fifo"; do
        # shellcheck disable=SC2086 # two words
        for first in producer consumer; do
            if [ $first = consumer ]; then
                ipc-fifo consumer $where >"$scratch/out" 2>"$scratch/err" &
                other=$!
                run_producer="ipc-fifo producer -q $where $scratch/file"
                $run_producer || fail "producer failed"
                ended 0 $other
                has "$scratch/err" "^ipc-fifo: consumer: $size bytes in "
            else
                ipc-fifo producer -q $where <"$scratch/file" &
                other=$!
                ipc-fifo consumer -q $where >"$scratch/out" || fail "consumer failed"
                ended 0 $other
            fi
            same "$scratch/out" "$scratch/file"
        done
    done
done
[ ! -e "$scratch/fifo" ] || fail "the FIFO was left"
nothing_left

# several producers: the end is when all have closed
mkfifo "$scratch/hold"
ipc-fifo consumer -q --name "$name" >"$scratch/out" &
consumer=$!
ipc-fifo producer -q --name "$name" <"$scratch/hold" &
holder=$!
exec 3>"$scratch/hold"
echo first >&3
await grep -q first "$scratch/out"
echo second | ipc-fifo producer -q --name "$name" || fail "the second producer"
await grep -q second "$scratch/out"
echo third >&3
exec 3>&-
ended 0 $holder
ended 0 $consumer
[ "$(wc -l <"$scratch/out")" -eq 3 ] || fail "not three lines"
nothing_left
