# SPDX-License-Identifier: MIT
# Every example: --help, and what else is wrong is told apart from what fails.
. "$SOURCE/tests/harness.sh"

cd "$scratch" || exit 1
for example in "$SOURCE"/examples/*.sh; do
    script=${example##*/}
    [ "$script" != common.sh ] || continue # it is sourced
    run 0 "$example" --help
    has out "^  examples/$script"
    sed -n 1p out | grep -q '^[A-Z].*' || fail "$script --help begins with something else"
    ! grep -q '^#' out || fail "$script --help shows more than its head"
    sed -n '1d; /^#/!q; p' "$example" | sed '/SPDX/d; s/^# \{0,1\}//' >expected
    same out expected
    run 2 "$example" --nonsense
    has err "^usage: $script"
    [ ! -s out ] || fail "$script tells its usage on standard output"
    run 2 "$example" --nonsense a b c d
done

# wrong PATTERN EXAMPLE ARG...
wrong() {
    pattern=$1
    called=$2
    shift 2
    run 2 "$SOURCE/examples/$called" "$@" </dev/null
    has err "$pattern"
}
mkdir folder
for example in checksums copy-tree gate one-log relabel send-folder squeeze who-signals workers; do
    wrong "^usage: $example.sh" "$example.sh"
    wrong "^usage: $example.sh" "$example.sh" ''
done
wrong '^usage' checksums.sh folder 0
wrong '^usage' checksums.sh folder 1 2
wrong '^usage' copy-tree.sh folder
wrong '^usage' gate.sh 2
wrong '^usage' gate.sh x file
wrong '^usage' one-log.sh log
wrong '^usage' send-folder.sh fetch folder 28000
wrong '^usage' send-folder.sh send folder
wrong '^usage' send-folder.sh send folder http
wrong '^usage: send-folder.sh send FOLDER PORT \[HOST\]$' send-folder.sh send folder 28000 a b
wrong '^usage' who-signals.sh many
wrong '^usage: workers.sh WORKERS COMMAND < LINES$' workers.sh -1 cat
wrong '^usage' workers.sh 2 cat more
for label in lower 'A B' '' ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456; do
    wrong '^usage: relabel.sh IMAGE LABEL' relabel.sh image "$label"
done
[ "$(ls)" = "$(printf '%s\n' err expected folder out)" ] || fail "a wrong call has made something: $(ls)"

# programs that are not there
BINARIES=$scratch/folder PATH=/usr/bin:/bin run 1 "$SOURCE/examples/squeeze.sh" out
has err '^squeeze.sh: build first'
