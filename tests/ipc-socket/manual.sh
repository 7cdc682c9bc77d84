# Every command of the manual page does what the page says.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

page=$SOURCE/src/ipc-socket/ipc-socket.1
cd "$scratch" || exit 1
random_bytes 100000 >file
# a page is run as it stands: what follows "$ "
sed -n 's/^\.Dl \$ //p' "$page" >commands
[ "$(wc -l <commands)" -eq 11 ] || fail 'the page has other examples than this test'
run 0 ipc-socket demo
for consumer in 'ipc-socket consumer --unix > copy' 'ipc-socket consumer --path socket > copy'; do
    grep -qxF -- "$consumer" commands || fail "not in the page: $consumer"
    producer=$(grep -A1 -xF -- "$consumer" commands | tail -n 1)
    case $producer in socat*) command -v socat >/dev/null || continue ;; esac
    rm -f server
    sh -c "$consumer" 2>server &
    server=$!
    started $server
    case $producer in socat*) await grep -q 'listening on' server ;; esac
    sh -c "$producer" 2>err || fail "$producer"
    ended 0 $server
    same file copy
done
command=$(grep -e --reply commands)
rm -f server
sh -c "exec $command" >copy 2>server &
server=$!
started $server
await grep -q 'listening on' server
echo hello | ipc-socket client -q --port "$(sed -n 's/.*:\([0-9]*\)$/\1/p' server)" >out
[ "$(cat out)" = 'Hello from server' ] || fail 'no reply'
kill -TERM $server
ended 143 $server
grep -E '^ipc-socket [a-z]+$' commands >lessons
while read -r command; do
    run 0 sh -c "$command"
done <lessons
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$page" >problems 2>/dev/null || fail "$(cat problems)"
fi
nothing_left
