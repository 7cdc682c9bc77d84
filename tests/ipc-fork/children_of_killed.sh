# Whoever is killed or interrupted, parent or child, the other notices and nobody is left.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

children_of() {
    ps -A -o pid= -o ppid= | awk -v parent="$1" '$2 == parent { print $1 }'
}
has_children() {
    [ -n "$(children_of "$1")" ]
}

# a pause before each event makes the story long enough to interfere with it
ipc-fork parent -n 3 --pace 0.2 >"$scratch/out" &
parent=$!
started $parent
await has_children $parent
kill -KILL "$(children_of $parent | head -n 1)"
ended 3 $parent
has "$scratch/out" 'is gone: killed by$|is gone: killed by SIGKILL'

for signal in KILL TERM; do
    ipc-fork parent -n 3 --pace 0.2 >"$scratch/out" &
    parent=$!
    started $parent
    await has_children $parent
    children=$(children_of $parent)
    kill -$signal $parent
    [ $signal = KILL ] && status=137 || status=143
    ended "$status" $parent
    for child in $children; do
        started "$child"
        await gone "$child"
    done
done
