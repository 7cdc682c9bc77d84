# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch, $SOURCE, $BINARIES
# Whether demos and lessons tell what they call.

# check_calls PROGRAM: each role of it that narrates has a list of the functions that it is about,
# ROLE.calls beside this test; which of them it calls, and with which flags, stands on its screen.
check_calls() {
    [ -f "$BINARIES/libipc-calls.so" ] || skip "needs glibc on x86-64, and no sanitizer"
    command -v perl >/dev/null || skip "no perl"
    roles=$("$1" --help | sed -n '/^understand it/,/^$/s/^  \([a-z0-9]*\)  .*/\1/p')
    untold=
    for role in demo $roles; do
        list=$SOURCE/tests/$1/$role.calls
        [ -f "$list" ] || fail "no $role.calls"
        if ! run_traced "$1" "$role"; then
            on_linux && fail "$1 $role failed"
            continue # without what only Linux has
        fi
        perl "$SOURCE/tests/calls/check.pl" "$scratch/out" "$scratch/calls" "$list" \
            "$BINARIES/$1" "$1" 2>"$scratch/told" || {
            cat "$scratch/out" "$scratch/told" >&2
            untold="$untold $role"
        }
    done
    [ -z "$untold" ] || fail "$1:$untold: not all is told"
}

run_traced() {
    : >"$scratch/calls"
    # the loader takes a list of words: a blank in the build's path would be between two of them
    ln -sf "$BINARIES/libipc-calls.so" "$scratch/calls.so"
    LD_PRELOAD=$scratch/calls.so IPC_CALLS=$scratch/calls "$@" >"$scratch/out" \
        </dev/null
}
