# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"

page=$SOURCE/src/ipc-fifo/ipc-fifo.1
if command -v mandoc >/dev/null; then
    run 0 mandoc -Tlint -W warning "$page"
fi
for role in $(ipc-fifo --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    has "$page" "^\.It Cm $role( |\$)"
done
cd "$scratch" || exit 1
random_bytes 200000 >file
sed -n 's/^\.Dl \$ //p' "$page" | sed 's/\\-/-/g' >examples
[ "$(wc -l <examples)" -eq 6 ] || fail "not six examples"
while read -r one && read -r other; do
    sh -c "$one" </dev/null 2>err &
    first=$!
    case $other in *'> fifo') await test -p fifo ;; esac
    run 0 sh -c "$other" </dev/null
    ended 0 $first
    case $one in *copy) same copy file ;; esac
    rm -f copy
done <examples
nothing_left
