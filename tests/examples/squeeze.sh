# SPDX-License-Identifier: MIT
# squeeze.sh writes what gzip can read back, and nothing when it fails.
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

head -c 3000000 /dev/zero >"$scratch/file"
random_bytes 300000 >>"$scratch/file"
run 0 "$SOURCE/examples/squeeze.sh" "$scratch/file"
gzip -dc "$scratch/file.gz" >"$scratch/back"
same "$scratch/file" "$scratch/back"

echo mine >"$scratch/file.gz"
run 1 "$SOURCE/examples/squeeze.sh" "$scratch/file"
[ "$(cat "$scratch/file.gz")" = mine ] || fail "a file was overwritten"
rm "$scratch/file.gz"

# it compresses and fails; it writes what is not the file; it does not read it back
failing() { # STATUS LINE
    command_is gzip "$2" "exec $(command -v gzip) \"\$@\""
    PATH=$scratch/bin:$PATH run "$1" "$SOURCE/examples/squeeze.sh" "$scratch/file"
    [ -z "$(find "$scratch" -name 'file.*')" ] || fail "a file was left"
}
failing 5 '[ "$1" = -d ] || exit 5'
failing 1 '[ "$1" != -d ] || { echo other; exit; }'
failing 6 '[ "$1" != -d ] || { cat >/dev/null; sleep 0.1; exit 6; }'
run 125 "$SOURCE/examples/squeeze.sh" "$scratch/missing"
[ -z "$(find "$scratch" -name 'missing*')" ] || fail "a file was left"

command_is gzip ': >"$runs"' 'sleep 1000'
interrupted "$SOURCE/examples/squeeze.sh" "$scratch/file"
[ -z "$(find "$scratch" -name 'file.*')" ] || fail "a file was left"
