# checksums.sh gives what sha256sum gives, in one order, however many processes share the work.
. "$SOURCE/tests/harness.sh"

mkdir -p "$scratch/tree/deep"
for i in 1 2 3 4 5 6 7; do
    random_bytes $((i * 100)) >"$scratch/tree/deep/file $i"
done
(cd "$scratch/tree" && find . -type f -exec sha256sum {} + | sort -k 2) >"$scratch/expected"
for processes in 1 3 10; do
    run 0 "$SOURCE/examples/checksums.sh" "$scratch/tree" "$processes"
    same "$scratch/out" "$scratch/expected"
done
