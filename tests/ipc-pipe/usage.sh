# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-pipe
refused ipc-pipe parent a b
refused ipc-pipe parent -q
refused ipc-pipe parent --pace 1 file
refused ipc-pipe demo -q
