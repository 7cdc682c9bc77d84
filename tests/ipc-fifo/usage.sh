# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-fifo
refused ipc-fifo consumer --name x --path y
refused ipc-fifo consumer --mode 999
refused ipc-fifo consumer --mode 7777
refused ipc-fifo consumer file
refused ipc-fifo producer one two
nothing_left
