# SPDX-License-Identifier: MIT
# remove: the semaphores of a pair that was killed, of either family, and nothing that is in use.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

check_remove ipc-semaphore sysv
check_remove ipc-semaphore posix

# as root it could remove anybody's: it does not
object=/dev/shm/sem.ipc-demos-$(id -u)-semaphore-$name.full
if [ -e "$BINARIES/libipc-calls.so" ] && (: >"$object" && chown 65534 "$object") 2>/dev/null; then
    run 1 ipc-semaphore remove --api posix --name "$name"
    has "$scratch/err" 'belongs to user 65534'
    [ -e "$object" ] || fail "another user's semaphore was removed"
fi
rm -f "$object"
