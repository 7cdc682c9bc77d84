# SPDX-License-Identifier: MIT
# Either side killed in the middle of a transfer: the other notices, says so and exits 3, what has
# arrived is a prefix, and the next run works.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"

# begin: a server, and a client whose input is descriptor 3, over what $where says
begin() {
    if [ "$where" = --port ]; then
        serve consumer -v --port 0
        place=$port
    else
        place=$scratch/socket
        serve consumer -v --path "$place"
    fi
    ipc-socket client -q "$where" "$place" <"$scratch/typed" 2>"$scratch/client" &
    client=$!
    started $client
    exec 3>"$scratch/typed"
    await grep -q 'accept(.*) = ' "$scratch/server"
}

# kill_one VICTIM: the other side's status and words, and what has arrived
kill_one() {
    if [ "$1" = client ]; then
        kill -KILL $client
        ended 137 $client
        ended 3 "$server"
        survivor=server
        died=$client
    else
        kill -KILL "$server"
        ended 137 "$server"
        ended 3 $client # its input is still open
        survivor=client
        died=$server
    fi
    exec 3>&-
    wait
    if [ $where = --port ]; then
        has "$scratch/$survivor" "the $1 127.0.0.1:[0-9]+ died: "
    elif on_linux; then
        has "$scratch/$survivor" "the $1 \(pid $died\) died: "
    else
        has "$scratch/$survivor" "the $1 .* died: "
    fi
    head -c "$(wc -c <"$scratch/copy")" "$scratch/file" | same - "$scratch/copy"
}

larger() {
    [ "$(wc -c <"$scratch/copy")" -gt "$1" ]
}
mkfifo "$scratch/typed"
random_bytes 8000000 >"$scratch/file"
for where in --port --path; do
    for victim in client server; do
        # when all that was sent has arrived
        for bytes in 0 1 70000 2000000; do
            head -c $bytes "$scratch/file" >"$scratch/part"
            begin
            cat "$scratch/part" >&3
            [ $bytes -eq 0 ] || await larger $((bytes - 1))
            kill_one $victim
        done
        # at any moment of a fast transfer, whose input does not come to its end
        for moment in 1 2 3 4 5 6 7 8; do
            begin
            cat "$scratch/file" >&3 2>/dev/null &
            await larger $((moment * 200000))
            kill_one $victim
        done
    done
done
serve consumer --path "$scratch/socket"
run 0 ipc-socket client --path "$scratch/socket" "$scratch/file"
ended 0 "$server"
same "$scratch/file" "$scratch/copy"
[ ! -e "$scratch/socket" ] || fail 'the socket file is still there'
