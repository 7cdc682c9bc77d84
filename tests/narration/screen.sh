# SPDX-License-Identifier: MIT
# The screen of a terminal: as wide as that, and in colours; of none: 80 columns, and no colour.
. "$SOURCE/tests/harness.sh"

script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "script has other options here"
# on_terminal COLUMNS COMMAND: what that shows on a terminal so wide
on_terminal() {
    script -qec "stty cols $1; $2" /dev/null </dev/null >"$scratch/screen" 2>&1 || fail "$2"
    tr -d '\r' <"$scratch/screen" >"$scratch/out"
}
escape=$(printf '\033')
# right_title: the column at which the second title begins
right_title() {
    sed "s/$escape\[[0-9;]*m//g" "$scratch/out" | awk '/^   ms /{ print index($0, "reader (parent)"); exit }'
}
unset COLUMNS NO_COLOR
export TERM=xterm

on_terminal 80 'ipc-pipe stream'
[ "$(right_title)" -eq 42 ] || fail "not the columns of 80"
has "$scratch/out" "^$escape\[1mThree writes: how many"
has "$scratch/out" "^$escape\[31m-> mistake: "
has "$scratch/out" "^$escape\[32m-> right: "
has "$scratch/out" "^$escape\[1mOne read took"
has "$scratch/out" "$escape\[36mwrite\("
has "$scratch/out" "$escape\[35mpipe\("

# wider: more for both columns, and no row goes on in the next one
wide='' # only platform.c can ask the terminal how wide it is
on_linux || wide='COLUMNS=120'
on_terminal 120 "$wide ipc-pipe stream"
[ "$(right_title)" -eq 66 ] || fail "not the columns of 120"
on_terminal 80 'COLUMNS=120 ipc-pipe stream'
[ "$(right_title)" -eq 66 ] || fail "COLUMNS is not looked at"
for given in 40 wide 0 ''; do
    on_terminal 120 "COLUMNS=$given ipc-pipe stream"
    ! on_linux || [ "$(right_title)" -eq 66 ] || fail "COLUMNS=$given is looked at"
done
on_terminal 40 'ipc-pipe stream'
[ "$(right_title)" -eq 42 ] || fail "less than 80 columns"
run 0 ipc-shm attach
grep -qE '^ {8}' "$scratch/out" && fail "one column of 80 wraps"
on_terminal 80 'NO_COLOR=1 ipc-msgqueue demo'
has "$scratch/out" '^          IPC_CREAT\|IPC_EXCL\|0600\)'
on_terminal 120 "$wide NO_COLOR=1 ipc-msgqueue demo"
has "$scratch/out" 'msgget\(0x[0-9a-f]+, IPC_CREAT\|IPC_EXCL\|0600\) = '

# no colour
for plainly in 'NO_COLOR=1' 'TERM=dumb' 'TERM='; do
    on_terminal 80 "$plainly ipc-pipe stream"
    hasnt "$scratch/out" "$escape"
done
COLUMNS=120 run 0 ipc-pipe stream
hasnt "$scratch/out" "$escape"
[ "$(right_title)" -eq 42 ] || fail "a file is wider than 80"
