# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-semaphore
refused ipc-semaphore producer --api other
refused ipc-semaphore producer --key 5
refused ipc-semaphore producer a b
refused ipc-semaphore bench --size 64
has "$scratch/err" 'carries no bytes'
refused ipc-semaphore bench --bytes 64
refused ipc-semaphore run --slots 3 --api posix -- true # only System V undoes
refused ipc-semaphore run --slots 0 -- true
refused ipc-semaphore run --slots 32768 -- true
refused ipc-semaphore run -- true
refused ipc-semaphore run --slots 3
