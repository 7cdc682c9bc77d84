# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"

page=$SOURCE/src/ipc-pipe/ipc-pipe.1
if command -v mandoc >/dev/null; then
    run 0 mandoc -Tlint -W warning "$page"
fi
for role in $(ipc-pipe --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p'); do
    has "$page" "^\.It Cm $role( |\$)"
    sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page" >"$scratch/synopsis"
    has "$scratch/synopsis" "^\.Cm ([a-z]* \\| )*$role( |\$)"
    for option in $(ipc-pipe "$role" --help | sed -n 's/^  .*--\([a-z]*\)  *.*/\1/p'); do
        has "$page" "^\.It Fl .*\\\\-$option( |\$)"
    done
done
cd "$scratch" || exit 1
random_bytes 200000 >file
sed -n 's/^\.Dl \$ //p' "$page" | sed 's/\\-/-/g' >examples
[ "$(wc -l <examples)" -eq 5 ] || fail "not five examples"
while read -r example; do
    run 0 sh -c "$example" </dev/null
done <examples
same copy file
gzip -dc file.gz | cmp - file || fail "the co-process lost something"
