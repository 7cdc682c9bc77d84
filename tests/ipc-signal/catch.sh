# catch: of each signal its name, number, sender, cause and value; it stops, and goes on.
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

if command -v perl >/dev/null; then # one that is ignored by default, and one that is queued
    rm -f "$scratch/err" # else what stands there from before would be waited for
    ipc-signal catch -n 2 >"$scratch/out" 2>"$scratch/err" &
    catcher=$!
    started $catcher
    await grep -q 'kill -KILL' "$scratch/err"
    perl -e 'kill("CHLD", $ARGV[0]); kill(35, $ARGV[0])' $catcher
    ended 0 $catcher
    has "$scratch/out" '^SIGCHLD'
    has "$scratch/out" '^SIGRTMIN'

    # a program may call itself as it likes: it is one line, and moves no cursor
    rm -f "$scratch/err"
    ipc-signal catch -n 1 >"$scratch/out" 2>"$scratch/err" &
    catcher=$!
    started $catcher
    await grep -q 'kill -KILL' "$scratch/err"
    perl -e '$0 = "x\ny\e[2Jz"; kill("USR1", $ARGV[0]); sleep(60)' $catcher &
    sender=$!
    started $sender
    ended 0 $catcher
    kill -KILL $sender
    [ "$(wc -l <"$scratch/out")" -eq 1 ] || fail "not one line"
    ! on_linux || has "$scratch/out" 'from pid [0-9]+ \(x\\ny\\x1b\[2Jz\)'
fi

if env kill -q 1 -s CONT $$ 2>/dev/null; then # kill(1) can queue a value
    rm -f "$scratch/err"
    ipc-signal catch -n 1 >"$scratch/out" 2>"$scratch/err" &
    catcher=$!
    started $catcher
    await grep -q 'kill -KILL' "$scratch/err"
    env kill -q 4711 -s USR2 $catcher
    ended 0 $catcher
    has "$scratch/out" "^SIGUSR2 +12  from pid [0-9]+ \(.*\), uid $(id -u): sigqueue, value 4711\$"
fi
