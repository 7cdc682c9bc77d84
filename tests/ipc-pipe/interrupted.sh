# SPDX-License-Identifier: MIT
# Signals that do not end a program do not disturb a transfer: EINTR, stopped and continued.
. "$SOURCE/tests/harness.sh"
command -v ps >/dev/null || skip "there is no ps here"

mkfifo "$scratch/input"
ipc-pipe parent -q - <"$scratch/input" >"$scratch/out" 2>"$scratch/err" &
parent=$!
started "$parent"
exec 3>"$scratch/input"
i=0
while [ "$i" -lt 40 ]; do
    i=$((i + 1))
    echo "line $i" >&3
    child=$(ps -o pid= --ppid "$parent" | tr -d ' ')
    for process in $parent $child; do
        kill -WINCH "$process"
        kill -STOP "$process"
        kill -CONT "$process"
    done
done
exec 3>&-
ended 0 "$parent"
seq 1 40 | sed 's/^/line /' >"$scratch/expected"
same "$scratch/out" "$scratch/expected"
