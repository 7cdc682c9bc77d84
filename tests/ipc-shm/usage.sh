# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-shm
refused ipc-shm producer --api other
refused ipc-shm producer --key 5 --api posix
refused ipc-shm consumer --key 5 --name x
refused ipc-shm producer a b
refused ipc-shm bench --size 0
