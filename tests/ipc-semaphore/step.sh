# SPDX-License-Identifier: MIT
# The demo and the lessons one event per Enter, to the end; and q.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/step.sh"

check_step ipc-semaphore
