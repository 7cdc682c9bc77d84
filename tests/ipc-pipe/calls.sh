# SPDX-License-Identifier: MIT
# What the demo and the lessons call stands on their screens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/calls.sh"

check_calls ipc-pipe
