# SPDX-License-Identifier: MIT
# A producer that has gone when its consumer looks for it: exit 3. One whose pid is another process' by
# now is sent nothing. A limit that lets no signal through is an error.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

for signal in KILL TERM; do
    begin_side ipc-signal consumer --name "$name"
    exec 3>&-
    kill -STOP "$side"
    await stopped "$side"
    echo hello | ipc-signal producer -v --name "$name" 2>"$scratch/producer" &
    producer=$!
    started $producer
    await grep -q 'the end' "$scratch/producer"
    await sleeping $producer
    kill -$signal $producer
    wait $producer
    kill -CONT "$side"
    ended 3 "$side"
    has "$scratch/side" 'the producer .*(died|had gone|ended)'
    [ ! -s "$scratch/out" ] || fail "it wrote something"
    nothing_left
done

# the limit is that of the process for which a signal is queued
if command -v prlimit >/dev/null && [ -e "$BINARIES/libipc-calls.so" ]; then # glibc tells it
    for limited in producer consumer; do
        for role in producer consumer; do
            limit=
            wanted=3
            [ $role != $limited ] || { limit='prlimit --sigpending=0' && wanted=1; }
            $limit ipc-signal $role --name "$name" --timeout 0.3 </dev/null >"$scratch/out" 2>"$scratch/$role" &
            ended $wanted $!
        done
        has "$scratch/$limited" 'ulimit -i'
        nothing_left
    done
fi

# the consumer dies while the producer is stopped, and another process gets its pid
cat >"$scratch/reuse" <<'END'
. "$SOURCE/tests/pair.sh"
mkfifo "$scratch/input"
begin_pair ipc-signal --name "$name"
kill -STOP $producer
await stopped $producer
kill -KILL $consumer
wait $consumer
echo $((consumer - 1)) >/proc/sys/kernel/ns_last_pid || exit 77
sleep 100 &
[ $! -eq $consumer ] || exit 77
started $!
sleep 0.3 # longer than one look at the peer lasts
echo 'another line' >&3
kill -CONT $producer
ended 3 $producer
kill -0 $consumer || fail "another process was sent a signal"
END
if command -v unshare >/dev/null && unshare -pm --fork --mount-proc true 2>/dev/null; then
    got=0
    # shellcheck disable=SC2016 # for that shell
    unshare -pm --fork --mount-proc sh -c '. "$SOURCE/tests/harness.sh"; . "$0"' "$scratch/reuse" \
        >"$scratch/out" 2>"$scratch/err" || got=$?
    [ $got -eq 0 ] || [ $got -eq 77 ] || fail "with a pid that is used again"
fi
