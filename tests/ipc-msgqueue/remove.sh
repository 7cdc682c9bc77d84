# remove: a queue that its sender has left behind, of either family.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

echo word >"$scratch/word"
for api in sysv posix; do
    run 1 ipc-msgqueue remove --api $api --name "$name"
    run 0 ipc-msgqueue producer -q --api $api --name "$name" "$scratch/word"
    id=
    [ $api = posix ] || id=$(ipc-msgqueue stat --name "$name" | sed -n 's/^id  *//p')
    run 0 ipc-msgqueue remove --api $api --name "$name"
    nothing_left
    no_object ipc-msgqueue "$id"
    run 1 ipc-msgqueue remove --api $api --name "$name"
done
