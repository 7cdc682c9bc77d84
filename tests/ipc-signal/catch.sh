# SPDX-License-Identifier: MIT
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

# with a COMMAND: reported on standard error, passed on once, and COMMAND's own status
rm -f "$scratch/err"
cat >"$scratch/command" <<'END'
trap 'echo got USR1' USR1
trap 'echo got TERM; exit 7' TERM
echo ready
while :; do sleep 0.05; done
END
ipc-signal catch -- sh "$scratch/command" >"$scratch/out" 2>"$scratch/err" &
catcher=$!
started $catcher
await grep -q ready "$scratch/out"
kill -USR1 $catcher
await grep -q 'got USR1' "$scratch/out"
kill -TERM $catcher
ended 7 $catcher
[ "$(cat "$scratch/out")" = "$(printf 'ready\ngot USR1\ngot TERM')" ] || fail "passed on otherwise: $(cat "$scratch/out")"
has "$scratch/err" '^SIGUSR1 +10  from pid [0-9]+ .*: kill$'
has "$scratch/err" '^SIGTERM +15 '
has "$scratch/err" '^SIGCHLD +17 .*: child: exited$'
run 137 ipc-signal catch -q -- sh -c 'kill -KILL $$'
run 127 ipc-signal catch -- no-such-command
run 2 ipc-signal catch -n 1 -- true
run 2 ipc-signal catch --
# COMMAND gets what we were given: ignored stays ignored
run 0 sh -c "trap '' USR2; exec ipc-signal catch -q -- sh -c 'kill -USR2 \$\$'"
# what COMMAND itself sends is not passed back to it; what the terminal does to a job stops all of it
# shellcheck disable=SC2016 # for that shell
run 0 ipc-signal catch -q -- sh -c 'kill -USR1 $PPID; sleep 0.3'
has "$scratch/err" '^SIGUSR1 '
rm -f "$scratch/out" "$scratch/err"
cat >"$scratch/command" <<'END'
trap 'echo got CHLD' CHLD
trap 'echo got TERM; exit 7' TERM
echo ready
while :; do read -r nothing <"$1" || :; done
END
mkfifo "$scratch/fifo"
ipc-signal catch -- sh "$scratch/command" "$scratch/fifo" >"$scratch/out" 2>"$scratch/err" &
catcher=$!
started $catcher
await grep -q ready "$scratch/out"
kill -CHLD $catcher
await grep -q 'got CHLD' "$scratch/out"
for signal in TTIN TTOU TSTP; do
    kill -$signal $catcher
    await stopped $catcher
    kill -CONT $catcher
    await grep -q "^SIGCONT" "$scratch/err"
done
kill -TERM $catcher
ended 7 $catcher
