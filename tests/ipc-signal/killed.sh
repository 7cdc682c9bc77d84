# SPDX-License-Identifier: MIT
# Whichever side is killed, at whatever moment, the other names it and exits 3; the next run works;
# nothing is left.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

begin_pair ipc-signal --name "$name"
kill -TERM $producer
ended 143 $producer
ended 3 $consumer
exec 3>&-
nothing_left
ends_clean ipc-signal ''
kill_at_random_moments ipc-signal ''
