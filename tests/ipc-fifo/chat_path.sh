# SPDX-License-Identifier: MIT
# user1 and user2 with --path: what was at their FIFOs' names before is used or refused, and stays.
. "$SOURCE/tests/harness.sh"

path=$scratch/chat
echo keep >"$path.user1"
for user in user1 user2; do
    run 1 ipc-fifo $user --path "$path" --timeout 0 </dev/null
    has "$scratch/err" "$path.user1\" is a regular file"
    [ "$(cat "$path.user1")" = keep ] || fail "a regular file was changed"
    [ ! -e "$path.user2" ] || fail "the FIFO that was made was left"
done
rm "$path.user1"

# one FIFO was made by mkfifo, the other is made by us
mkfifo "$path.user1"
ipc-fifo user1 -q --path "$path" </dev/null >"$scratch/user1" &
user1=$!
started $user1
run 0 ipc-fifo user2 --path "$path" </dev/null
ended 0 $user1
[ -p "$path.user1" ] || fail "a FIFO that was not ours was removed"
[ ! -e "$path.user2" ] || fail "our FIFO was left"

# after a death of both it is still known which was ours
mkfifo "$scratch/input"
ipc-fifo user2 -q --path "$path" <"$scratch/input" >"$scratch/user2" &
user2=$!
started $user2
exec 3>"$scratch/input"
await test -p "$path.user2"
await sleeping $user2
kill -KILL $user2
wait $user2
exec 3>&-
[ -p "$path.user2" ] || fail "it was removed by nobody"
run 3 ipc-fifo user1 -q --path "$path" --timeout 0 </dev/null
[ -p "$path.user1" ] || fail "a FIFO that was not ours was removed"
[ ! -e "$path.user2" ] || fail "our FIFO was left"
nothing_left
