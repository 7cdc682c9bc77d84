# copy-tree.sh: the copy is the original.
. "$SOURCE/tests/harness.sh"

mkdir -p "$scratch/from/deep/er"
random_bytes 3000000 >"$scratch/from/deep/file"
echo hello >"$scratch/from/deep/er/text"
run 0 "$SOURCE/examples/copy-tree.sh" "$scratch/from" "$scratch/to"
diff -r "$scratch/from" "$scratch/to" || fail "the copy differs"
nothing_left
