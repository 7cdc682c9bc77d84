# SPDX-License-Identifier: MIT
# A limit of the system that is reached: the error names it, and where it is set; nothing is left.
. "$SOURCE/tests/harness.sh"
unshare -i -m true 2>/dev/null || skip "limits of one's own need namespaces, which need root"

# beyond LIMIT VALUE COMMAND...: in an IPC namespace with that limit it exits 1 and names it.
beyond() {
    limit=$1
    value=$2
    shift 2
    # shellcheck disable=SC2016 # for the inner shell
    run 1 unshare -i sh -c 'echo "$2" >"/proc/sys/kernel/$1" && shift 2 && exec "$@"' - \
        "$limit" "$value" "$@" </dev/null
    has "$scratch/err" "/proc/sys/kernel/.*$limit"
    has "$scratch/err" 'shmget.*: (Invalid argument|No space left on device)'
    nothing_left
}

for role in producer consumer copies bench; do
    beyond shmmax 100000 ipc-shm $role
done
for role in producer demo attach persist copies bench; do
    beyond shmmni 0 ipc-shm $role
done
beyond shmall 10 ipc-shm producer

# a file system that is full is an error with its name, no crash
# shellcheck disable=SC2016 # for the inner shell
full() { # FOLDER COMMAND...
    run 1 unshare -m sh -c 'mount -t tmpfs -o size=256k,mode=700 full "$1" && shift && exec "$@"' - \
        "$@" </dev/null
    has "$scratch/err" 'posix_fallocate ".*": No space left on device'
}
if [ -d /dev/shm ]; then
    full /dev/shm ipc-shm producer --api posix
    full /dev/shm ipc-shm bench --count 2 --bytes 8 --size 8
fi
nothing_left
