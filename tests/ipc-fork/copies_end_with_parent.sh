# A signal that ends parent is passed on to every copy, SIGKILL follows a second later; none is left.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

# each copy notes its pid; all_started N: so many have
all_started() {
    [ "$(cat "$scratch"/pid.* 2>/dev/null | wc -l)" -eq "$1" ]
}
all_gone() {
    cat "$scratch"/pid.* | while read -r pid; do
        gone "$pid" || exit 1
    done
}
none_left() {
    all_gone || fail "a copy is left"
    rm -f "$scratch"/pid.*
}

# perl: a shell starts what is in the background with SIGINT ignored, and ignored it would stay
for signal in TERM INT HUP; do
    # shellcheck disable=SC2016
    perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' \
        ipc-fork parent -n 3 -- sh -c 'echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch" &
    parent=$!
    started $parent
    await all_started 3
    kill -$signal $parent
    case $signal in TERM) status=143 ;; INT) status=130 ;; HUP) status=129 ;; esac
    ended "$status" $parent
    none_left
done

# copies that do not listen
# shellcheck disable=SC2016
ipc-fork parent -n 3 -- \
    sh -c 'trap "" TERM; echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch" &
parent=$!
started $parent
await all_started 3
kill -TERM $parent
ended 143 $parent
none_left

# copies that are told, and say so
# shellcheck disable=SC2016
ipc-fork parent -n 2 -- sh -c 'trap "echo told $IPC_INDEX; exit" TERM
    echo $$ >"$0/pid.$IPC_INDEX"; while :; do sleep 0.02; done' "$scratch" >"$scratch/told" &
parent=$!
started $parent
await all_started 2
kill -TERM $parent
ended 143 $parent
none_left
[ "$(sort "$scratch/told" | tr '\n' ' ')" = "told 0 told 1 " ] || fail "not told: $(cat "$scratch/told")"

# a parent that is killed can pass nothing on: the copies end all the same, where the system helps
if [ "$(uname)" = Linux ]; then
    # shellcheck disable=SC2016
    ipc-fork parent -n 2 -- sh -c 'echo $$ >"$0/pid.$IPC_INDEX"; exec sleep 60' "$scratch" &
    parent=$!
    started $parent
    await all_started 2
    kill -KILL $parent
    ended 137 $parent
    await all_gone
fi
