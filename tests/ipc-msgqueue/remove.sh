# SPDX-License-Identifier: MIT
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

# another user's, which the superuser could remove
if [ "$(id -u)" -eq 0 ] && unshare -im true 2>/dev/null; then
    mkdir "$scratch/queues"
    # shellcheck disable=SC2016 # for the inner shell
    run 0 unshare -im sh -c '
        mount -t mqueue none "$1" || exit 0
        ipc-msgqueue producer -q --api posix --name "$2" "$3" && rm "$IPC_DEMOS_DIR"/* || exit 10
        queue=$1/ipc-demos-0-msgqueue-$2
        chown 12345 "$queue" || exit 11
        ipc-msgqueue remove --api posix --name "$2"
        [ $? -eq 1 ] && [ -e "$queue" ] || exit 12
        chown 0 "$queue" && ipc-msgqueue remove -q --api posix --name "$2" || exit 13
        [ ! -e "$queue" ]' - "$scratch/queues" "$name" "$scratch/word"
    [ ! -s "$scratch/err" ] || has "$scratch/err" 'belongs to user 12345'
fi
