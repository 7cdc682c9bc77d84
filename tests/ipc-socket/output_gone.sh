# SPDX-License-Identifier: MIT
# Standard output full, closed or gone is exit 1, and the other side then exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"

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
        listens
        [ $where = --port ] && place=$port
        run 3 ipc-socket client $where "$place" "$scratch/file"
        ended 1 $server
        has "$scratch/server" 'write "standard output": '
    done
    [ $where = --port ] && place=0
    serve server --once --echo $where "$place"
    [ $where = --port ] && place=$port
    run 1 sh -c "ipc-socket client $where '$place' '$scratch/file' >/dev/full"
    has "$scratch/err" 'write "standard output": No space left on device'
    ended 3 $server
done
run 1 sh -c 'ipc-socket demo >/dev/full'

# closed standard input is an empty one, closed standard error loses the words only
ipc-socket consumer --unix >"$scratch/copy" 2>&- &
server=$!
started $server
ipc-socket producer --unix <&- 2>&- || fail 'producer failed'
ended 0 $server
[ ! -s "$scratch/copy" ] || fail 'data out of nowhere'
nothing_left
