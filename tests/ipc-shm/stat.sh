# SPDX-License-Identifier: MIT
# stat: size, mode, how full the ring is, and who takes part, of a pair of either family.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

run 1 ipc-shm stat --name "$name"
has "$scratch/err" "no segment of \"$name\""
for api in sysv posix; do
    begin_side ipc-shm producer --api $api --name "$name"
    run 0 ipc-shm stat --name "$name"
    has "$scratch/out" '^size +20[0-9]+$'
    has "$scratch/out" '^mode +0600$'
    has "$scratch/out" '^ring +0 of 2097152 bytes$'
    has "$scratch/out" "^producer +pid $side\$"
    has "$scratch/out" '^consumer +nobody$'
    if [ $api = sysv ]; then
        has "$scratch/out" '^attached +1$'
        has "$scratch/out" "^creator +pid $side\$"
    fi
    kill -KILL $side
    ended 137 $side
    exec 3>&-
    run 0 ipc-shm stat --name "$name"
    has "$scratch/out" '^producer +died$'
    run 0 ipc-shm remove --name "$name"
    nothing_left
done
