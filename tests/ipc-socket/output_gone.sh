# Standard output full, closed or gone is exit 1, and the other side then exits 3.
. "$SOURCE/tests/harness.sh"

listening() {
    grep -q 'listening on' "$scratch/server"
}
random_bytes 3000000 >"$scratch/file"
for where in --port --path; do
    for output in /dev/full closed; do
        rm -f "$scratch/server"
        place=$scratch/socket
        [ $where = --port ] && place=0
        if [ $output = closed ]; then
            ipc-socket consumer $where "$place" >&- 2>"$scratch/server" &
        else
            ipc-socket consumer $where "$place" >$output 2>"$scratch/server" &
        fi
        server=$!
        started $server
        await listening
        [ $where = --port ] && place=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$scratch/server")
        run 3 ipc-socket client $where "$place" "$scratch/file"
        ended 1 $server
        has "$scratch/server" 'write "standard output": '
    done
    rm -f "$scratch/server"
    place=$scratch/socket
    [ $where = --port ] && place=0
    ipc-socket server --once --echo $where "$place" >/dev/null 2>"$scratch/server" &
    server=$!
    started $server
    await listening
    [ $where = --port ] && place=$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$scratch/server")
    run 1 sh -c "ipc-socket client $where '$place' '$scratch/file' >/dev/full"
    has "$scratch/err" 'write "standard output": No space left on device'
    ended 3 $server
done

# closed standard input is an empty one, closed standard error loses the words only
ipc-socket consumer --unix >"$scratch/copy" 2>&- &
server=$!
started $server
ipc-socket producer --unix <&- 2>&- || fail 'producer failed'
ended 0 $server
[ ! -s "$scratch/copy" ] || fail 'data out of nowhere'
nothing_left
