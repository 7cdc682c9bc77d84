# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# --step through whole demos and lessons.

# check_step PROGRAM: with one Enter after another each role that narrates comes to its end, exit 0,
# nobody left; and q at its first prompt ends it, exit 0, before anything has happened.
check_step() {
    [ -z "$SANITIZE" ] || skip "sanitizers do without the thread that prompts"
    script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "script has other options here"
    program=$1
    for role in demo $("$1" --help | sed -n '/^understand it/,/^$/s/^  \([a-z0-9]*\) .*/\1/p'); do
        type_at "" # Enter
        on_linux || ! grep -q 'this system has no' "$scratch/out" || continue
        grep -qE '\.c:[0-9]+  \[Enter' "$scratch/out" || fail "$role: no prompt"
        on_linux || continue # it may end otherwise where it lacks something
        [ "$stepped" -eq 0 ] || fail "$1 $role --step exited $stepped"
        [ "$role" = demo ] || [ "$(last_line)" = "$("$1" "$role" | tail -n 1 | sed 's/[0-9][0-9]*/N/g')" ] ||
            fail "$role: another answer under --step"
        type_at q
        [ "$stepped" -eq 0 ] || fail "$1 $role --step, then q, exited $stepped"
        [ "$(grep -cE '^ *[0-9]+\.[0-9]+ ' "$scratch/out")" -le 1 ] || fail "$role: q did not end it"
    done
    nothing_left
}

# last_line: the answer, numbers apart
last_line() {
    tr -d '\r' <"$scratch/out" | grep . | tail -n 1 | sed 's/[0-9][0-9]*/N/g'
}

# type_at WORD: types it at every prompt of the role, until that has ended with status $stepped
type_at() {
    rm -f "$scratch/keys"
    mkfifo "$scratch/keys"
    stepped=0
    while :; do
        sleep 0.01
        echo "$1"
    done >"$scratch/keys" 2>/dev/null &
    typist=$!
    started $typist
    NO_COLOR=1 timeout 50 script -qec "$program $role --step" /dev/null <"$scratch/keys" >"$scratch/out" 2>&1 ||
        stepped=$?
    kill $typist 2>/dev/null
    wait $typist 2>/dev/null
}
