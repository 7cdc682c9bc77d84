# SPDX-License-Identifier: MIT
# list: every name of every program that has names, who holds which end, and what the dead left;
# --json is JSON.
. "$SOURCE/tests/harness.sh"

# alone PROGRAM ROLE...: starts it; it waits for a peer that never comes. Its pid is $!
alone() {
    "$@" </dev/null >"$scratch/said" 2>&1 3>&- &
    started $!
}
# shows PROGRAM PATTERN
shows() {
    "$1" list | grep -Eq -- "$2"
}
# is_json PROGRAM PATTERN
json() {
    "$1" list --json >"$scratch/json" || fail "$1 list --json"
    has "$scratch/json" "$2"
    ! command -v python3 >/dev/null || python3 -m json.tool "$scratch/json" >/dev/null || fail "no JSON"
}

for program in ipc-fifo ipc-signal ipc-semaphore ipc-msgqueue ipc-shm ipc-mmap ipc-socket; do
    run 0 $program list
    [ "$(wc -l <"$scratch/out")" -eq 1 ] || fail "$program lists something"
    run 0 $program list --json
    [ "$(cat "$scratch/out")" = '[]' ] || fail "$program lists something"
    run 2 $program list x
done

for program in ipc-fifo ipc-signal ipc-semaphore ipc-msgqueue ipc-shm ipc-mmap; do
    alone $program consumer --name first
    first=$!
    alone $program consumer --name second
    await shows $program "^first +- +$first "
    await shows $program "^second +- +$! "
    json $program "\"name\": \"first\", .*\"producer\": null, \"consumer\": $first, .*\"stale\": false"
    run 0 $program list
    [ "$(wc -l <"$scratch/out")" -eq 3 ] || fail "not two names"
    kill -KILL $first
    await over $first
    await shows $program '^first +- +died .*  left behind$'
    json $program '"name": "first", .*"consumer": null, .*"stale": true'
    kill -TERM $!
    await over $!
    run 3 $program consumer --name first --timeout 0 # and it cleans up
    run 0 $program list
    [ "$(wc -l <"$scratch/out")" -eq 1 ] || fail "$program lists what is over"
done

echo hello >"$scratch/hello"
run 0 ipc-msgqueue producer --name "$name" "$scratch/hello"
on_linux && bytes=6 || bytes=null # msg_cbytes is not POSIX
json ipc-msgqueue "\"name\": \"$name\", \"path\": null, \"key\": \"0x[0-9a-f]{8}\", .*\"bytes\": $bytes, \"stale\": false"
run 0 ipc-msgqueue stat --json --name "$name"
same "$scratch/out" "$scratch/json"
run 0 ipc-msgqueue remove --name "$name"
run 0 ipc-msgqueue stat --json
[ "$(cat "$scratch/out")" = '[]' ] || fail "a queue is left"

mkfifo "$scratch/input"
for program in ipc-shm ipc-mmap; do
    alone $program consumer --name "$name"
    consumer=$!
    "$program" producer -q --name "$name" <"$scratch/input" 3>&- &
    started $!
    exec 3>"$scratch/input"
    echo hello >&3
    await grep -q hello "$scratch/said"
    kill -STOP $consumer
    await stopped $consumer
    echo hello again >&3
    await shows $program "^$name +$! +$consumer +12 "
    kill -CONT $consumer
    exec 3>&-
    ended 0 $!
    ended 0 $consumer
    rm "$scratch/said"
done

alone ipc-fifo user1 --name "$name"
await shows ipc-fifo "^$name +$! +- .*/fifo-$name.fifo.user1\$"
kill -TERM $!
await over $!
alone ipc-shm consumer --api posix --name "$name"
await shows ipc-shm "^$name +- +$! .* /ipc-demos-[0-9]+-shm-$name\$"
run 0 ipc-shm stat --json --name "$name"
has "$scratch/out" "\"path\": \"/ipc-demos-[0-9]+-shm-$name\", \"key\": null, \"producer\": null, \"consumer\": $!,"
kill -TERM $!
await over $!

run 0 ipc-semaphore run --slots 2 --name "$name" -- true
json ipc-semaphore "\"name\": \"$name\", \"path\": \".*/semaphore-$name.slots\", \"key\": \"0x"
run 0 ipc-semaphore stat --json --name "$name"
same "$scratch/out" "$scratch/json"
run 0 ipc-semaphore remove --name "$name"

alone ipc-socket server --unix --name "$name"
await shows ipc-socket "^$name .*/socket-$name.sock\$"
kill -KILL $!
await over $!
await shows ipc-socket "^$name .*/socket-$name.sock  left behind\$"
json ipc-socket "\"name\": \"$name\", .*\"stale\": true"
alone ipc-socket server --unix --name "$name"
await shows ipc-socket "^$name .*/socket-$name.sock\$"
kill -TERM $!
await over $!

# it only looks: at what somebody holds, even one that is stopped, and at what is not ours
objects=$IPC_DEMOS_DIR
for odd in 'a"b' 'a b' "$(printf 'a\033[31m\nb')"; do
    : >"$objects/shm-$odd.rendezvous"
done
run 0 ipc-shm list
[ "$(wc -l <"$scratch/out")" -eq 1 ] || fail "it lists what no pair can be called"
rm "$objects"/shm-*
mkfifo "$objects/mmap-$name.ring"
head -c 5000 /dev/zero >"$objects/mmap-$name.rendezvous"
timeout 10 ipc-mmap list >"$scratch/out" 2>&1
[ $? -ne 124 ] || fail "it waits for the writer of a FIFO"
rm "$objects"/mmap-*
: >"$objects/shm-$name.rendezvous" # as it is made
run 0 ipc-shm list
hasnt "$scratch/out" 'left behind'
rm "$objects"/shm-*
run 1 ipc-shm stat --json --api posix --name "$name"
[ ! -s "$scratch/out" ] || fail "a segment that is not there"
if command -v python3 >/dev/null; then
    cat >"$scratch/hold" <<'END'
import fcntl, sys, time
file = open(sys.argv[1], "a+")
fcntl.lockf(file, fcntl.LOCK_EX, 1, 0)
print("held", flush=True)
time.sleep(60)
END
    rm -f "$scratch/held"
    python3 "$scratch/hold" "$objects/semaphore-$name.slots" >"$scratch/held" &
    holder=$!
    started $holder
    await grep -q held "$scratch/held"
    run 0 timeout 10 ipc-semaphore list
    has "$scratch/out" "^$name "
    hasnt "$scratch/out" 'left behind'
    run 124 timeout 20 ipc-semaphore run --slots 1 --timeout 0.1 --name "$name" -- touch "$scratch/started"
    has "$scratch/err" 'stayed locked'
    [ ! -e "$scratch/started" ] || fail "COMMAND was started"
    kill -KILL $holder
    wait $holder
    run 0 ipc-semaphore run --slots 1 --nonblock --name "$name" -- true
    run 0 ipc-semaphore remove --name "$name"
fi
nothing_left
