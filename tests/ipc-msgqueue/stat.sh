# stat: the system's limits without a queue; of a queue what is in it, and when it changed.
. "$SOURCE/tests/harness.sh"

run 0 ipc-msgqueue stat
has "$scratch/out" '/proc/sys/kernel/msgmax'
has "$scratch/out" 'RLIMIT_MSGQUEUE'
run 1 ipc-msgqueue stat --name "$name"
echo word >"$scratch/word"
for api in sysv posix; do
    run 0 ipc-msgqueue producer -q --api $api --name "$name" "$scratch/word"
    run 0 ipc-msgqueue stat --api $api --name "$name"
    has "$scratch/out" 'messages'
    has "$scratch/out" '^changed +20[0-9][0-9]-'
    run 0 ipc-msgqueue consumer -q --api $api --name "$name"
    nothing_left
done
