# catch: of each signal its name, number, sender, cause and value; it stops, and goes on.
# serial
. "$SOURCE/tests/harness.sh"

ipc-signal catch -n 7 >"$scratch/out" 2>"$scratch/err" &
catcher=$!
started $catcher
await grep -q 'kill -KILL' "$scratch/err"
has "$scratch/err" "pid $catcher "
for signal in HUP INT USR1 WINCH TERM; do
    kill -$signal $catcher
    await grep -q "^SIG$signal " "$scratch/out"
done
has "$scratch/out" "^SIGUSR1 +10  from pid $$ \(.*\), uid $(id -u): kill\$"
kill -TSTP $catcher
await grep -q ') T ' "/proc/$catcher/stat"
has "$scratch/err" 'stops'
kill -CONT $catcher
ended 0 $catcher
has "$scratch/out" '^SIGTSTP '
has "$scratch/out" '^SIGCONT '
[ "$(wc -l <"$scratch/out")" -eq 7 ] || fail "not seven lines"

if command -v perl >/dev/null; then # a value, queued by our own producer's kind of call
    rm -f "$scratch/err" # else what stands there from before would be waited for
    ipc-signal catch -n 2 >"$scratch/out" 2>"$scratch/err" &
    catcher=$!
    started $catcher
    await grep -q 'kill -KILL' "$scratch/err"
    perl -e 'kill("CHLD", $ARGV[0]); kill(35, $ARGV[0])' $catcher
    ended 0 $catcher
    has "$scratch/out" '^SIGCHLD'
    has "$scratch/out" '^SIGRTMIN'
fi
