# Either side killed in the middle of a transfer: the other notices, says so and exits 3, what has
# arrived is a prefix, and the next run works.
. "$SOURCE/tests/harness.sh"

listening() {
    grep -q 'listening on' "$scratch/server"
}
larger() {
    [ "$(wc -c <"$scratch/copy")" -gt "$1" ]
}
serve() {
    rm -f "$scratch/server"
    ipc-socket consumer "$@" >"$scratch/copy" 2>"$scratch/server" &
    server=$!
    started $server
    await listening
    port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$scratch/server")
}
# feed N: a client whose input is N bytes of the file, and then open
feed() {
    head -c "$1" "$scratch/file" >"$scratch/part"
    ipc-socket client -q "$where" "$place" <"$scratch/typed" 2>"$scratch/client" &
    client=$!
    started $client
    exec 3>"$scratch/typed"
    cat "$scratch/part" >&3
}
prefix() {
    head -c "$(wc -c <"$scratch/copy")" "$scratch/file" | same - "$scratch/copy"
}
mkfifo "$scratch/typed"
random_bytes 2000000 >"$scratch/file"
for where in --port --path; do
    place=$scratch/socket
    for bytes in 0 1 70000 2000000; do
        if [ $where = --port ]; then serve --port 0; place=$port; else serve --path "$place"; fi
        feed $bytes
        [ $bytes -eq 0 ] || await larger $((bytes - 1))
        kill -KILL $client
        ended 137 $client
        exec 3>&-
        # one that died before it had connected was no client; another one is
        if [ $bytes -eq 0 ] && ! grep -q died "$scratch/server"; then
            ipc-socket client "$where" "$place" /dev/null 2>/dev/null && { ended 0 $server; continue; }
        fi
        ended 3 $server
        has "$scratch/server" 'the client (\(pid [0-9]+\)|127.0.0.1:[0-9]+) died: '
        [ $where = --port ] || has "$scratch/server" "\(pid $client\)"
        prefix

        if [ $where = --port ]; then serve --port 0; place=$port; else serve --path "$place"; fi
        feed $bytes
        [ $bytes -eq 0 ] || await larger $((bytes - 1))
        [ $bytes -ne 0 ] || await sleeping $client
        kill -KILL $server
        ended 137 $server
        if [ $bytes -eq 0 ]; then # perhaps it had not connected yet
            exec 3>&-
            wait $client && fail 'a client without a server has succeeded'
            continue
        fi
        ended 3 $client # its input is still open
        exec 3>&-
        has "$scratch/client" 'the server (\(pid [0-9]+\)|127.0.0.1:[0-9]+) died: '
        [ $where = --port ] || has "$scratch/client" "\(pid $server\)"
        prefix
    done
    # at any moment of a fast transfer
    for moment in 1 2 3 4 5 6 7 8; do
        for victim in client server; do
            if [ $where = --port ]; then serve --port 0; place=$port; else serve --path "$place"; fi
            { cat "$scratch/file" "$scratch/file" "$scratch/file" "$scratch/file"; } |
                ipc-socket client -q "$where" "$place" 2>"$scratch/client" &
            client=$!
            started $client
            await larger $((moment * 200000))
            [ $victim = client ] && kill -KILL $client 2>/dev/null
            [ $victim = server ] && kill -KILL $server 2>/dev/null
            client_status=0 server_status=0
            wait $client || client_status=$?
            wait $server || server_status=$?
            case $victim,$client_status,$server_status in
            client,137,3 | server,3,137) ;;
            *,0,0) cat "$scratch/file" "$scratch/file" "$scratch/file" "$scratch/file" |
                same - "$scratch/copy" ;; # it was too late
            client,137,0 | server,0,137) cat "$scratch/file" "$scratch/file" "$scratch/file" \
                "$scratch/file" | same - "$scratch/copy" ;; # all had arrived
            *) fail "$where: $victim killed: client $client_status, server $server_status" ;;
            esac
        done
    done
done
serve --path "$scratch/socket"
run 0 ipc-socket client --path "$scratch/socket" "$scratch/file"
ended 0 $server
same "$scratch/file" "$scratch/copy"
[ ! -e "$scratch/socket" ] || fail 'the socket file is still there'
