# SPDX-License-Identifier: MIT
# A line comes at once, and whole, though it takes several signals; and a producer that waits for its
# consumer hears of it from itself.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"
command -v perl >/dev/null || skip "perl, which tells one write from the next, is not here"

mkfifo "$scratch/input"
writes ipc-signal -q --name "$name" 2>"$scratch/err" &
consumer=$!
started $consumer
ipc-signal producer -q --name "$name" <"$scratch/input" &
producer=$!
started $producer
exec 3>"$scratch/input"
sizes=
for line in 'of 7 b' 'not of 7 bytes' '' 'a line of 49 bytes, since these are seven signals' "$(seq 1000)"; do
    echo "$line" >&3
    sizes="$sizes $((${#line} + 1))"
    # shellcheck disable=SC2086 # words
    await wrote $sizes
done
exec 3>&-
ended 0 $producer
ended 0 $consumer
nothing_left

# none of its looks is awaited: it is stopped
begin_side ipc-signal producer --name "$name"
kill -STOP "$side"
await stopped "$side"
ipc-signal consumer -q --name "$name" >"$scratch/out" 3>&- &
consumer=$!
started $consumer
if [ -r /proc/self/status ]; then
    await grep -q '^ShdPnd:.*[1-9a-f]' "/proc/$side/status"
fi
kill -CONT "$side"
echo 'one line' >&3
exec 3>&-
ended 0 "$side"
ended 0 $consumer
[ "$(cat "$scratch/out")" = 'one line' ] || fail "it got something else"
nothing_left
