# SPDX-License-Identifier: MIT
# Whichever side is killed at whatever moment, the other ends, and the next run works.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

kill_at_random_moments ipc-shm '--api sysv' '--api posix'
