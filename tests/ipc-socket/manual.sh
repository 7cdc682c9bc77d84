# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page socket
cd "$scratch" || exit 1
random_bytes 100000 >file
examples "$page" 13
run 0 ipc-socket demo
for consumer in 'ipc-socket consumer --unix > copy' 'ipc-socket consumer --path socket > copy'; do
    grep -qxF -- "$consumer" examples || fail "not in the page: $consumer"
    producer=$(grep -A1 -xF -- "$consumer" examples | tail -n 1)
    case $producer in socat*) command -v socat >/dev/null || continue ;; esac
    rm -f server
    sh -c "exec $consumer" 2>server &
    server=$!
    started $server
    case $producer in socat*) await grep -q 'listening on' server ;; esac
    sh -c "$producer" 2>err || fail "$producer"
    ended 0 $server
    same file copy
done
command=$(grep -e --reply examples)
rm -f server
sh -c "exec $command" >copy 2>server &
server=$!
started $server
await grep -q 'listening on' server
echo hello | ipc-socket client -q --port "$(sed -n 's/.*:\([0-9]*\)$/\1/p' server)" >out
[ "$(cat out)" = 'Hello from server' ] || fail 'no reply'
kill -TERM $server
ended 143 $server
grep -E '^ipc-socket [a-z]+$' examples >lessons
while read -r command; do
    case $command in *reuse) on_linux || continue ;; esac # elsewhere there may be no SO_REUSEPORT
    run 0 sh -c "$command"
done <lessons
nothing_left
