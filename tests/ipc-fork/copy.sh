# SPDX-License-Identifier: MIT
# copy: the child's variable is another, the file's offset is the same; a thread has its process' pid.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork copy
narration "$scratch/out"
has "$scratch/out" '^.{40} counter\+\+   is 2 at 0x' # in the child
has "$scratch/out" '  counter is 1   a copy$'
has "$scratch/out" '  lseek\([0-9]+, 0, SEEK_CUR\) = 4$'
has "$scratch/out" '^.{40} read\([0-9]+, 4\) = 4  "abcd"$'
has "$scratch/out" '  read\([0-9]+, 4\) = 4  "efgh"$'
# two addresses that are the same number, one in each process
[ "$(grep -o 'at 0x.*' "$scratch/out" | sort -u | wc -l)" -eq 1 ] || fail "other addresses"

# getpid() is the process, in each thread
main=$(sed -n 's/^ *[0-9.]*  thread \([0-9]*\): getpid() = \([0-9]*\)$/\1 \2/p' "$scratch/out" | head -n 1)
other=$(sed -n 's/^ *[0-9.]*  [ |] .* thread \([0-9]*\): getpid() = \([0-9]*\)$/\1 \2/p' "$scratch/out")
if on_linux; then # threads have numbers
    case "$main,$other" in ,* | *,) fail "no threads" ;; esac
    [ "${main#* }" = "${other#* }" ] || fail "two pids: $main, $other"
    [ "${main% *}" != "${other% *}" ] || fail "one thread: $main, $other"
fi
has "$scratch/out" '= 0  counter is 2( |$)'
[ "$(tail -n 1 "$scratch/out")" = \
    "No: memory is copied. Open files are shared, so pipes work after fork()." ] || fail "no answer"
