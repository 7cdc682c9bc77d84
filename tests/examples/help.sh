# The help of every program and role fits 80 columns, and lists what the program lists.
. "$SOURCE/tests/harness.sh"

roles=0
for program in "$BINARIES"/ipc-*; do
    run 0 "$program" --help
    awk 'length > 80 { print; bad = 1 } END { exit bad }' "$scratch/out" >&2 || fail "$program --help"
    for role in $("$program" --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
        run 0 "$program" "$role" --help
        awk 'length > 80 { print; bad = 1 } END { exit bad }' "$scratch/out" >&2 ||
            fail "$program $role --help"
        roles=$((roles + 1))
    done
done
[ "$roles" -ge 90 ] || fail "$roles roles"
