# SPDX-License-Identifier: MIT
# buffers: what was not flushed before fork is written twice, and once with either habit.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork buffers
narration "$scratch/out"
has "$scratch/out" '  fflush\(f\)   12 in file$'
[ "$(grep -c '  fflush(f)   6 in file$' "$scratch/out")" -eq 3 ] || fail "the right ways are wrong"
[ "$(grep -c '  fputs("hello\\n", f)   0 in file$' "$scratch/out")" -eq 3 ] || fail "it was not buffered"
# as on a terminal
awk '/_IOLBF/ { line = 1 } line && /fputs\(.*   6 in file$/ { seen = 1 } END { exit !seen }' \
    "$scratch/out" || fail "the newline did not empty it"
[ "$(tail -n 1 "$scratch/out")" = \
    "fork() copied the buffer: 12 bytes, not 6. On a terminal a newline empties it." ] || fail "no answer"
