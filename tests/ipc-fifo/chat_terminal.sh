# SPDX-License-Identifier: MIT
# At a terminal: what was typed before one's turn stands behind the prompt when the turn comes, and
# no prompt asks while it is the other's.
. "$SOURCE/tests/harness.sh"
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "script has other options here"

mkfifo "$scratch/keys" "$scratch/input"
script -qec "ipc-fifo user1 -q --name $name" /dev/null <"$scratch/keys" >"$scratch/screen" 2>&1 &
terminal=$!
started $terminal
exec 3>"$scratch/keys"
ipc-fifo user2 -q --name "$name" <"$scratch/input" >"$scratch/user2" 2>"$scratch/err" &
user2=$!
started $user2
exec 4>"$scratch/input"

# screen PATTERN: all of it, as one line
screen() {
    tr '\r\n' '  ' <"$scratch/screen" | grep -Eq -- "$1"
}
await screen 'user1: $'
echo one >&3
await grep -q 'user1: one' "$scratch/user2"
echo two >&3 # ahead of our turn: only the terminal has it
await screen 'two +$'
echo reply >&4
await grep -q 'user1: two' "$scratch/user2"
await screen 'user2: reply +user1: two +$'
echo again >&4
await screen 'user2: again +user1: $'
printf '\004' >&3
ended 0 $user2
ended 0 $terminal
exec 3>&- 4>&-
nothing_left
