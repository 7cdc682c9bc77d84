# SPDX-License-Identifier: MIT
# Whoever is killed in the middle of a transfer, the other says so and exits 3, and nobody is left.
. "$SOURCE/tests/harness.sh"

mkfifo "$scratch/input"

# begin ROLE: a transfer that has begun and waits for more; sets $parent and $child
begin() {
    rm -f "$scratch/out" "$scratch/err"
    ipc-pipe "$1" - <"$scratch/input" >"$scratch/out" 2>"$scratch/err" &
    parent=$!
    started "$parent"
    exec 3>"$scratch/input"
    echo something >&3
    await grep -q something "$scratch/out"
    child=$(ps -o pid= --ppid "$parent" | tr -d ' ')
    [ -n "$child" ] || fail "no child"
}
command -v ps >/dev/null || skip "there is no ps here"

for role in parent child; do
    begin $role
    kill -KILL "$child"
    ended 3 "$parent"
    exec 3>&-
    has "$scratch/err" "\(pid $child\) died"
    [ "$(cat "$scratch/out")" = something ] || fail "not a prefix"

    begin $role
    kill -KILL "$parent"
    ended 137 "$parent"
    await over "$child"
    exec 3>&-
    has "$scratch/err" "\(pid $parent\) died"

    # Ctrl-C and SIGTERM end both, by that signal
    begin $role
    kill -TERM "$parent"
    ended 143 "$parent"
    await over "$child"
    exec 3>&-
done

# siblings
for victim in producer consumer; do
    rm -f "$scratch/out" "$scratch"/*.pid
    {
        ipc-pipe producer - <"$scratch/input" 2>"$scratch/producer" &
        echo $! >"$scratch/producer.pid"
        wait $!
        echo $? >"$scratch/producer.status"
    } | {
        exec 4<&0 # a background process has /dev/null for input unless it is told otherwise
        ipc-pipe consumer <&4 4<&- >"$scratch/out" 2>"$scratch/consumer" &
        echo $! >"$scratch/consumer.pid"
        exec 4<&- <&-
        wait $!
        echo $? >"$scratch/consumer.status"
    } &
    exec 3>"$scratch/input"
    echo something >&3
    await grep -q something "$scratch/out"
    await test -s "$scratch/$victim.pid"
    kill -KILL "$(cat "$scratch/$victim.pid")"
    wait $!
    exec 3>&-
    [ "$victim" = producer ] && survivor=consumer || survivor=producer
    [ "$(cat "$scratch/$survivor.status")" -eq 3 ] ||
        fail "$survivor exited $(cat "$scratch/$survivor.status"): $(cat "$scratch/$survivor")"
    has "$scratch/$survivor" "the $victim \(pid $(cat "$scratch/$victim.pid")\) died"
done
nothing_left

# both killed at once: what they leave behind the next run removes, though its pipe is another
{
    ipc-pipe producer - <"$scratch/input" 2>/dev/null &
    echo $! >"$scratch/producer.pid"
    wait $!
} | {
    exec 4<&0
    ipc-pipe consumer <&4 4<&- >"$scratch/both" 2>/dev/null &
    echo $! >"$scratch/consumer.pid"
    exec 4<&- <&-
    wait $!
} &
exec 3>"$scratch/input"
echo something >&3
await grep -q something "$scratch/both"
kill -STOP "$(cat "$scratch/producer.pid")" "$(cat "$scratch/consumer.pid")"
kill -KILL "$(cat "$scratch/producer.pid")" "$(cat "$scratch/consumer.pid")"
wait $!
exec 3>&-
[ -n "$(ls "$IPC_DEMOS_DIR")" ] || fail "nothing was left to clean up"
ln -s /nowhere "$IPC_DEMOS_DIR/pipe-1.rendezvous"
echo hello | ipc-pipe producer -q | ipc-pipe consumer -q >"$scratch/out" || fail "the next run failed"
[ "$(cat "$scratch/out")" = hello ] || fail "the next run lost something"
rm "$IPC_DEMOS_DIR/pipe-1.rendezvous"
nothing_left

# at any moment of a fast transfer, whose input does not come to its end: what arrived is a prefix
random_bytes 16000000 >"$scratch/file"
for moment in 1 2 3 4 5 6 7 8 9 10; do
    for role in parent child; do
        for victim in parent child; do
            begin $role
            cat "$scratch/file" >&3 2>/dev/null &
            sleep "0.00$moment"
            if [ $victim = parent ]; then
                kill -KILL "$parent"
                ended 137 "$parent"
                await over "$child"
            else
                kill -KILL "$child"
                ended 3 "$parent"
            fi
            exec 3>&-
            wait
            { echo something; cat "$scratch/file"; } | head -c "$(wc -c <"$scratch/out")" |
                same - "$scratch/out"
        done
    done
done
