# SPDX-License-Identifier: MIT
# --echo returns everything, --reply answers once the client has finished; the client prints it.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"

random_bytes 3000000 >"$scratch/file"
for where in tcp unix; do
    set -- --path "$scratch/socket"
    [ $where = tcp ] && set -- --port 0
    serve server --echo --reply 'Hello from server' "$@"
    [ $where = tcp ] && set -- --port "$port"
    { cat "$scratch/file"; printf 'Hello from server'; } >"$scratch/wanted"
    # two rounds: the server goes on
    run 0 ipc-socket client "$@" "$scratch/file"
    same "$scratch/wanted" "$scratch/out"
    # shellcheck disable=SC2002 # a pipe is not a file
    cat "$scratch/file" | ipc-socket client -q "$@" >"$scratch/out" || fail 'client failed'
    same "$scratch/wanted" "$scratch/out"
    run 0 ipc-socket client "$@" /dev/null
    printf 'Hello from server' | same - "$scratch/out"
    kill -TERM $server
    ended 143 $server
    cat "$scratch/file" "$scratch/file" | same - "$scratch/copy"
done
[ ! -e "$scratch/socket" ] || fail 'the socket file is still there'

# with a small stack, too
if [ -z "$SANITIZE" ]; then
    serve server --once --echo --port 0
    # shellcheck disable=SC3045 # every shell here has it
    (ulimit -s 64 && exec ipc-socket client -q --port "$port" "$scratch/file") >"$scratch/out" ||
        fail 'client failed'
    ended 0 $server
    same "$scratch/file" "$scratch/out"
fi

# what has no newline yet is echoed at once, too: the client may be waiting for just that
mkfifo "$scratch/typed"
serve server --echo --port 0
ipc-socket client -q --port "$port" <"$scratch/typed" >"$scratch/out" 2>"$scratch/err" &
client=$!
started $client
exec 3>"$scratch/typed"
printf 'half a ' >&3
await grep -q '^half a $' "$scratch/out"
printf 'line\n' >&3
await grep -q '^half a line$' "$scratch/copy"
exec 3>&-
ended 0 $client
printf 'half a line\n' | same - "$scratch/out"
kill -TERM $server
ended 143 $server
