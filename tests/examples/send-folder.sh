# send-folder.sh: the folder arrives whole.
. "$SOURCE/tests/harness.sh"

mkdir -p "$scratch/from"
random_bytes 2000000 >"$scratch/from/file"
echo hello >"$scratch/from/text"
port=$((20000 + $$ % 10000))
"$SOURCE/examples/send-folder.sh" receive "$scratch/to" "$port" &
receiver=$!
started "$receiver"
run 0 "$SOURCE/examples/send-folder.sh" send "$scratch/from" "$port"
ended 0 "$receiver"
diff -r "$scratch/from" "$scratch/to" || fail "the copy differs"
