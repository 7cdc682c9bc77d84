# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role and option, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page pipe
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page" >"$scratch/synopsis"
for role in $(roles ipc-pipe); do
    has "$scratch/synopsis" "^\.Cm ([a-z]* \\| )*$role( |\$)"
    for option in $(ipc-pipe "$role" --help | sed -n 's/^  .*--\([a-z]*\)  *.*/\1/p'); do
        has "$page" "^\.It Fl .*\\\\-$option( |\$)"
    done
done
cd "$scratch" || exit 1
random_bytes 200000 >file
run_examples "$page" 8
same copy file
gzip -dc file.gz | cmp - file || fail "the co-process lost something"
