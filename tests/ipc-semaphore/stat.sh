# SPDX-License-Identifier: MIT
# stat: the values, and who takes part, of a pair of either family.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

run 1 ipc-semaphore stat --name "$name"
for api in sysv posix; do
    begin_side ipc-semaphore producer --api $api --name "$name"
    run 0 ipc-semaphore stat --name "$name"
    has "$scratch/out" '^empty +32 '
    has "$scratch/out" '^full +0 '
    has "$scratch/out" '^mutex +1 '
    has "$scratch/out" "^producer +pid $side\$"
    has "$scratch/out" '^consumer +nobody$'
    exec 3>&-
    run 0 ipc-semaphore consumer -q --api $api --name "$name"
    ended 0 $side
    nothing_left
done
