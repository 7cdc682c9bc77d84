# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-msgqueue
refused ipc-msgqueue producer --api other
refused ipc-msgqueue producer --key 5 --api posix
refused ipc-msgqueue producer --key 5 --name x
refused ipc-msgqueue producer --type 0
refused ipc-msgqueue consumer --api posix --type 1
refused ipc-msgqueue consumer --api posix --type 0
refused ipc-msgqueue key -q --pace 1
