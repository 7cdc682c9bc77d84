# SPDX-License-Identifier: MIT
# The bench: its rows, no size is clamped, its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench mmap 'file anonymous' 1 64 5242880
check_ends mmap

# as many rows as one likes, though each has a file of its own
sizes=$(seq -f '--size %g' 8 8 160)
# shellcheck disable=SC2086 # words
run 0 ipc-mmap bench --csv --wait spin --count 5 --bytes 8 $sizes
[ "$(grep -c '^mmap,file,' "$scratch/out")" -eq 20 ] || fail "not 20 rows"
nothing_left
