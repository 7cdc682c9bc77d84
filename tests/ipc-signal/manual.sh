# The manual page is without fault, names every role, and its examples work.
# serial
. "$SOURCE/tests/harness.sh"

page=$SOURCE/src/ipc-signal/ipc-signal.1
if command -v mandoc >/dev/null; then
    run 0 mandoc -Tlint -W warning "$page"
fi
for role in $(ipc-signal --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    has "$page" "^\.It Cm $role( |\$)"
done
cd "$scratch" || exit 1
random_bytes 20000 >file
sed -n 's/^\.Dl \$ //p' "$page" >examples
[ "$(wc -l <examples)" -eq 3 ] || fail "not three examples"
catch=$(sed -n 1p examples)
sh -c "exec $catch" >out 2>err &
catcher=$!
started $catcher
await grep -q 'kill -KILL' err
kill -USR1 $catcher
ended 0 $catcher
has out SIGUSR1
sh -c "$(sed -n 2p examples)" 2>/dev/null &
consumer=$!
sh -c "$(sed -n 3p examples)" 2>/dev/null || fail "the producer"
ended 0 $consumer
same file copy
nothing_left
