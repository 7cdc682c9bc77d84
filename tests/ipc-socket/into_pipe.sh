# SPDX-License-Identifier: MIT
# Standard output is a pipe: all arrives, byte for byte. A client is told that everything was taken
# when it was read, since what is moved into a pipe may be pages of the client's file.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"

mkfifo "$scratch/pipe" "$scratch/gate"
random_bytes 8000000 >"$scratch/file"

# consume READER WHERE...: a consumer whose output goes to that command
consume() {
    sh -c "$1" <"$scratch/pipe" >"$scratch/copy" 2>/dev/null &
    reader=$!
    started $reader
    shift
    rm -f "$scratch/server"
    ipc-socket consumer -v "$@" >"$scratch/pipe" 2>"$scratch/server" &
    server=$!
    started $server
    listens
}
slow="dd bs=1000 count=7700 iflag=fullblock; read -r _ <'$scratch/gate'; cat"
few='head -c 5000000'
arrived() {
    [ "$(wc -c <"$scratch/copy")" -eq 8000000 ]
}
for where in tcp unix; do
    set -- --path "$scratch/socket"
    [ $where = tcp ] && set -- --port 0
    consume cat "$@"
    [ $where = tcp ] && set -- --port "$port"
    run 0 ipc-socket producer -q "$@" "$scratch/file"
    ended 0 $server
    ended 0 $reader
    same "$scratch/file" "$scratch/copy"
    ! on_linux || has "$scratch/server" 'splice\([0-9]+, 1\) = [0-9]+'

    # what the pipe holds would change with the file
    cp "$scratch/file" "$scratch/changes"
    consume "$slow" "$@"
    ipc-socket producer -q "$@" "$scratch/changes" 2>"$scratch/err" &
    producer=$!
    started $producer
    if on_linux; then
        await grep -q 'end of file' "$scratch/server"
        await sleeping $server
        ! over $producer || fail 'the client has ended, and the reader has not taken everything'
    fi
    echo >"$scratch/gate"
    ended 0 $producer
    dd if=/dev/zero of="$scratch/changes" bs=8000000 count=1 conv=notrunc 2>/dev/null
    ended 0 $server
    ended 0 $reader
    same "$scratch/file" "$scratch/copy"

    # the reader leaves in the middle; what it had taken is a prefix
    consume "$few" "$@"
    run 3 ipc-socket producer -q "$@" "$scratch/file"
    ended 1 $server
    ended 0 $reader
    has "$scratch/server" 'write "standard output": Broken pipe'
    head -c 5000000 "$scratch/file" | same - "$scratch/copy"

    # the client dies, and its input has not ended
    consume cat "$@"
    mkfifo "$scratch/typed"
    ipc-socket producer -q "$@" <"$scratch/typed" &
    producer=$!
    started $producer
    exec 3>"$scratch/typed"
    cat "$scratch/file" >&3
    await arrived
    kill -KILL $producer
    ended 137 $producer
    exec 3>&-
    ended 3 $server
    ended 0 $reader
    same "$scratch/file" "$scratch/copy"
    rm "$scratch/typed"
done
nothing_left
