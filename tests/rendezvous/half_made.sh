# SPDX-License-Identifier: MIT
# A maker that dies before any write to the rendezvous leaves nothing that is not found; what has
# the key that it noted, and was made at another time, is not its own.
# timeout: 120
. "$SOURCE/tests/harness.sh"
[ -z "${SANITIZE:-}" ] || skip "a sanitized program cannot be traced"
strace -o /dev/null true 2>/dev/null || skip "strace, which kills at a call, is not here"

# In an IPC namespace of its own: what is there belongs to this test.
if [ -z "${ALONE:-}" ]; then
    unshare -i true 2>/dev/null || skip "an IPC namespace of one's own needs root"
    ALONE=yes unshare -i sh "$0"
    exit $?
fi

objects() {
    ipcs | awk '$2 ~ /^[0-9]+$/ { count++ } END { print count + 0 }'
}
# die_at_write N COMMAND...: killed right before its N-th write to a file of notes. False if it ended.
die_at_write() {
    write=$1
    shift
    strace -o /dev/null -e inject=pwrite64:signal=KILL:when="$write" "$@" \
        </dev/null >/dev/null 2>&1
    [ $? -eq 137 ]
}

for program in ipc-msgqueue ipc-shm ipc-semaphore; do
    write=1
    half_made=0
    before=$(objects)
    while die_at_write $write $program producer --api sysv --timeout 0.1 --name "$name"; do
        # the first write at which there is an object notes its id: so far there is a key alone
        [ "$(objects)" -eq "$before" ] || [ "$half_made" -ne 0 ] || half_made=$write
        run 0 $program remove --name "$name"
        [ "$(objects)" -eq "$before" ] || fail "$program, killed at write $write, left an object"
        write=$((write + 1))
    done
    [ "$half_made" -ne 0 ] || fail "$program was never killed with an object half made"
    $program remove -q --name "$name" 2>/dev/null # the queue stays when its sender ends

    die_at_write "$half_made" $program producer --api sysv --timeout 0.1 --name "$name"
    touch -t 202001010000 "$IPC_DEMOS_DIR/${program#ipc-}-$name.rendezvous"
    run 0 $program remove --name "$name"
    [ "$(objects)" -gt "$before" ] || fail "$program removed what is not as old as the note"
done
nothing_left
