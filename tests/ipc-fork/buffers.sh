# buffers: what was not flushed before fork is written twice, and once with either habit.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork buffers
narration "$scratch/out"
has "$scratch/out" '  file: 12 bytes "hello\\nhello\\n"$'
[ "$(grep -c '  file: 6 bytes "hello\\n"$' "$scratch/out")" -eq 2 ] || fail "the right ways are wrong"
[ "$(grep -c '  file: 0 bytes ""   in a buffer$' "$scratch/out")" -eq 3 ] || fail "it was not buffered"
[ "$(tail -n 1 "$scratch/out")" = \
    "fork copied the buffer: 12 bytes; 6 with fflush() before, 6 with _exit()." ] || fail "no answer"
