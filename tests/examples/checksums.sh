# SPDX-License-Identifier: MIT
# checksums.sh gives what sha256sum gives, in one order, however many processes share the work.
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

mkdir -p "$scratch/tree/deep"
for i in 1 2 3 4 5 6 7; do
    random_bytes $((i * 100)) >"$scratch/tree/deep/file $i"
done
(cd "$scratch/tree" && find . -type f -exec sha256sum {} + | sort -k 2) >"$scratch/expected"
for processes in 1 3 10; do
    run 0 "$SOURCE/examples/checksums.sh" "$scratch/tree" "$processes"
    same "$scratch/out" "$scratch/expected"
done
run 1 "$SOURCE/examples/checksums.sh" "$scratch/missing"

# one that cannot be read
command_is sha256sum '[ "$1" != "./deep/file 4" ] || { echo no >&2; exit 1; }' 'echo "0  $1"'
PATH=$scratch/bin:$PATH run 1 "$SOURCE/examples/checksums.sh" "$scratch/tree" 3
has "$scratch/err" '^no$'
[ ! -s "$scratch/out" ] || fail "sums of a part of the files"

command_is sha256sum ': >"$runs"' 'sleep 1000'
interrupted "$SOURCE/examples/checksums.sh" "$scratch/tree" 3
