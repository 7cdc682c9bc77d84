# SPDX-License-Identifier: MIT
# The help of every program and role is what it was: whoever changes a word changes it here, too.
. "$SOURCE/tests/harness.sh"

# with ROLE's help after that of the program; as "$ ipc-X ROLE --help" would show it
help_of() {
    printf '$ %s --help\n' "$1"
    "$1" --help || fail "$1 --help"
    for role in $(roles "$1"); do
        printf '\n$ %s %s --help\n' "$1" "$role"
        "$1" "$role" --help || fail "$1 $role --help"
    done
}
for program in "$SOURCE"/src/ipc-*/ipc-*.c; do
    program=$(basename "$program" .c)
    help_of "$program" >"$scratch/help"
    diff "$SOURCE/tests/help/$program.txt" "$scratch/help" >&2 || fail "another help of $program"
done
