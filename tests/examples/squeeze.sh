# squeeze.sh writes what gzip can read back, and nothing when it fails.
. "$SOURCE/tests/harness.sh"

head -c 3000000 /dev/zero >"$scratch/file"
random_bytes 300000 >>"$scratch/file"
run 0 "$SOURCE/examples/squeeze.sh" "$scratch/file"
gzip -dc "$scratch/file.gz" >"$scratch/back"
same "$scratch/file" "$scratch/back"

run 125 "$SOURCE/examples/squeeze.sh" "$scratch/missing"
[ -z "$(find "$scratch" -name 'missing*')" ] || fail "a file was left"
