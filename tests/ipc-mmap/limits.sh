# SPDX-License-Identifier: MIT
# Few descriptors, a small limit of file sizes, a file system that is read-only, or full: an error with
# its name, or the signal's death, no crash; nothing is left.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/limits.sh"

check_limits ipc-mmap demo private protection truncate lookup 'producer --timeout 0.05' 'consumer --timeout 0.05'
unshare -m true 2>/dev/null || skip "a file system of one's own needs a namespace, which needs root"

for role in producer consumer 'bench --count 2 --bytes 8 --size 8'; do
    # shellcheck disable=SC2016 # for the inner shell
    run 1 unshare -m sh -c 'mount -t tmpfs -o size=256k,mode=700 full "$IPC_DEMOS_DIR" || exit
        ipc-mmap $1
        status=$?
        ls -A "$IPC_DEMOS_DIR"
        exit $status' - "$role" </dev/null
    has "$scratch/err" 'posix_fallocate ".*": No space left on device'
    if [ "${role%% *}" != bench ] && [ -s "$scratch/out" ]; then
        fail "left behind: $(cat "$scratch/out")"
    fi
done
nothing_left
