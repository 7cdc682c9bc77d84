# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-signal
refused ipc-signal producer --pid 0
refused ipc-signal producer --pid 1 --name x
refused ipc-signal catch -n 0
refused ipc-signal consumer operand

# told at once, before anybody is waited for
run 1 ipc-signal producer --name "$name" "$scratch/none"
has "$scratch/err" 'open ".*/none": No such file'
nothing_left
