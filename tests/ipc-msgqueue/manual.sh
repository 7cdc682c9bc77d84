# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"

page=$SOURCE/src/ipc-msgqueue/ipc-msgqueue.1
if command -v mandoc >/dev/null; then
    run 0 mandoc -Tlint -W warning "$page"
fi
for role in $(ipc-msgqueue --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    has "$page" "^\.It Cm $role( |\$)"
done
cd "$scratch" || exit 1
seq 1 100 >lines
sed -n 's/^\.Dl \$ //p' "$page" >examples
[ "$(wc -l <examples)" -eq 5 ] || fail "not five examples"
while read -r example; do
    run 0 sh -c "$example"
done <examples
same lines copy
nothing_left
