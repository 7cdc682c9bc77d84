# relabel.sh changes sixteen bytes of a large image and nothing else.
. "$SOURCE/tests/harness.sh"

dd if=/dev/zero of="$scratch/image" bs=1 count=1 seek=107374182399 2>/dev/null
run 0 "$SOURCE/examples/relabel.sh" "$scratch/image" backups
has "$scratch/out" '^backups         $'
[ "$(wc -c <"$scratch/image")" -eq 107374182400 ] || fail "the length changed"
[ "$(head -c 1151 "$scratch/image" | tail -c 7)" = backups ] || fail "not in place"
run 2 "$SOURCE/examples/relabel.sh" "$scratch/image" 'more than sixteen characters'
