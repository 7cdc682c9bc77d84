# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-fork
for spelled in --pace=0 '--pace 0' '--pace=0 -n1' '-n 1 --pace 0' '-n1 --count 2'; do
    # shellcheck disable=SC2086 # words
    run 0 ipc-fork demo $spelled
done
for wrong in -1 10001 x 3x 1.5 '' 99999999999999999999; do
    refused ipc-fork parent -n "$wrong"
    has "$scratch/err" "^ipc-fork: parent: --count: '$wrong' is not a number from 0 to 10000$"
done
refused ipc-fork parent --pace 1 -- true
has "$scratch/err" '^ipc-fork: parent: --pace '
refused ipc-fork parent --pace 0 -- true
refused ipc-fork parent --quiet
refused ipc-fork parent true
has "$scratch/err" 'behind'
refused ipc-fork parent --
refused ipc-fork demo -- true
for role in orphan zombie reap copy buffers loop; do
    refused ipc-fork $role -n 3
done
refused ipc-fork child operand
refused ipc-fork child --status 256
has "$scratch/err" "^ipc-fork: child: --status: '256' is not a number from 0 to 255$"
