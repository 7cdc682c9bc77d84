# Whoever of the demo's two is killed, the other says so, exit 3, and nobody is left.
. "$SOURCE/tests/harness.sh"

# begin PATTERN: a demo that goes slowly and has come so far; sets $parent and $child
begin() {
    rm -f "$scratch/out" "$scratch/err"
    ipc-pipe demo --pace 0.05 >"$scratch/out" 2>"$scratch/err" &
    parent=$!
    started "$parent"
    await grep -Eq "$1" "$scratch/out"
    child=$(sed -n 's/.*fork() = 0   I am \([0-9]*\)$/\1/p' "$scratch/out")
    [ -n "$child" ] || fail "no child"
}

for moment in 'world #1"\)$' '[0-9]+ bytes\)$' 'last writer'; do
    begin "$moment"
    kill -KILL "$child"
    ended 3 "$parent"
    has "$scratch/err" "the child \(pid $child\) died: killed by SIGKILL"
    narration "$scratch/out"

    begin "$moment"
    kill -KILL "$parent"
    ended 137 "$parent"
    await gone "$child"
    has "$scratch/err" "\(pid $parent\) died"
    [ "$(grep -c '= 0  end of file' "$scratch/out")" -le 1 ] || fail "it read on and on"
done
