# SPDX-License-Identifier: MIT
# A consumer that comes when its producer has ended early knows that not all was sent, exit 3; and where
# none comes nothing is left behind.
. "$SOURCE/tests/harness.sh"

random_bytes 2000000 >"$scratch/file"
# has_filled: the producer has joined, and sleeps since nobody takes its bytes out of the pipe
has_filled() {
    [ -n "$(ls "$IPC_DEMOS_DIR" 2>/dev/null)" ] && sleeping "$(cat "$scratch/pid")"
}
# early SIGNAL COMMAND...: a producer that is sent that signal when the pipe is full, and then its reader
early() {
    signal=$1
    shift
    rm -f "$scratch/pid" "$scratch/ended"
    {
        ipc-pipe producer -q "$scratch/file" 2>"$scratch/err" &
        echo $! >"$scratch/pid"
        wait $!
        : >"$scratch/ended"
    } | {
        await test -e "$scratch/ended"
        "$@"
        echo $? >"$scratch/status"
    } &
    await test -s "$scratch/pid"
    await has_filled
    kill -"$signal" "$(cat "$scratch/pid")"
    wait $!
}

for signal in KILL TERM HUP; do
    early $signal ipc-pipe consumer -q >"$scratch/out" 2>"$scratch/told"
    [ "$(cat "$scratch/status")" -eq 3 ] || fail "$signal: exit $(cat "$scratch/status")"
    has "$scratch/told" 'the producer .*(died|ended before it had sent everything)'
    [ -s "$scratch/out" ] || fail "nothing was in the pipe"
    head -c "$(wc -c <"$scratch/out")" "$scratch/file" | same - "$scratch/out"
    nothing_left
done

# runs at other pipes in between, which clean up
run_between() {
    echo hello | ipc-pipe producer -q | ipc-pipe consumer -q >/dev/null
    nothing_left
    ipc-pipe consumer -q
}
early KILL run_between >"$scratch/out" 2>"$scratch/told"
[ "$(cat "$scratch/status")" -eq 3 ] || fail "after other runs: exit $(cat "$scratch/status")"

# a producer that follows sends all of its own: the first one's is missing all the same
{
    ipc-pipe producer -q "$scratch/missing" 2>/dev/null
    echo all | ipc-pipe producer -q
} | ipc-pipe consumer -q >"$scratch/out" 2>"$scratch/told"
[ $? -eq 3 ] || fail "an input that cannot be opened"

# another program does not care, and nothing is left
early TERM cat >"$scratch/out"
nothing_left

# what was sent whole is no end that is early
{
    echo all | ipc-pipe producer -q
    echo more | ipc-pipe producer -q
} | ipc-pipe consumer -q >"$scratch/out" || fail "two that sent all"
[ "$(cat "$scratch/out")" = "$(printf 'all\nmore')" ] || fail "something is lost"
echo all | ipc-pipe producer -q | { head -c 4 >/dev/null && ipc-pipe consumer -q; } || fail "nothing is missing"

# the mode of a FIFO that has a name is its owner's
mkfifo -m 600 "$scratch/fifo"
cat "$scratch/fifo" >/dev/null &
started $!
echo hello | ipc-pipe producer -q >"$scratch/fifo" || fail "into a FIFO"
wait $!
# shellcheck disable=SC2012 # its mode
case $(ls -l "$scratch/fifo") in prw-------*) ;; *) fail "the FIFO's mode has changed" ;; esac
nothing_left
