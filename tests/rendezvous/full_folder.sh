# SPDX-License-Identifier: MIT
# Where the private folder's file system is full, a program that cannot join says so, and leaves
# nothing there.
. "$SOURCE/tests/harness.sh"
unshare -m true 2>/dev/null || skip "a file system of one's own needs a namespace, which needs root"

mkdir -m 700 "$IPC_DEMOS_DIR"
# refused STATUS COMMAND...: with a file system that has not a byte of room for the command.
refused() {
    status=$1
    shift
    # shellcheck disable=SC2016 # for the inner shell
    run "$status" unshare -m sh -c 'mount -t tmpfs -o size=64k,mode=700 full "$IPC_DEMOS_DIR" || exit 99
        head -c 100000 /dev/zero >"$IPC_DEMOS_DIR/fill" 2>/dev/null
        "$@"
        status=$?
        rm "$IPC_DEMOS_DIR/fill"
        find "$IPC_DEMOS_DIR" -mindepth 1 | sed "s/^/left: /"
        exit $status' - "$@" </dev/null
    has "$scratch/err" 'No space left on device'
    hasnt "$scratch/out" '^left: '
}
for mechanism in fifo signal semaphore msgqueue shm mmap; do
    for role in producer consumer; do
        refused 1 ipc-$mechanism $role --timeout 0.2
    done
done
for mechanism in fifo mmap; do
    refused 1 ipc-$mechanism producer --timeout 0.2 --path "$scratch/there"
    [ ! -e "$scratch/there" ] || fail "left behind: what --path names"
done
refused 125 ipc-semaphore run --slots 1 --name "$name" -- true
for mechanism in semaphore msgqueue shm; do # their notes of what they make
    refused 1 ipc-$mechanism demo
done
nothing_left
