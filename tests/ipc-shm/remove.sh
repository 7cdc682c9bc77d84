# SPDX-License-Identifier: MIT
# remove: the segment of a pair that was killed, of either family, and none that is in use.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

check_remove ipc-shm sysv
check_remove ipc-shm posix
