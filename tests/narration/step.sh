# SPDX-License-Identifier: MIT
# --step: one event per Enter, also while the other process is asleep; Ctrl-Z, r, q and Ctrl-C.
. "$SOURCE/tests/harness.sh"

run 2 ipc-pipe demo --step </dev/null
has "$scratch/err" '^ipc-pipe: demo: --step needs a terminal, and standard input is none$'
run 2 ipc-pipe demo --step --pace 1
has "$scratch/err" '^ipc-pipe: demo: --step and --pace exclude each other$'

[ -z "$SANITIZE" ] || skip "sanitizers do without the thread that prompts"
command -v tmux >/dev/null || skip "no tmux, whose terminal has a shell with job control"
terminal() {
    tmux -L "$name" -f /dev/null "$@"
}
at_end 'terminal kill-server 2>/dev/null'
terminal new-session -d -x 100 -y 60 sh || skip "tmux does not start"

# shows PATTERN: some line of the terminal matches
shows() {
    terminal capture-pane -p >"$scratch/out" && grep -Eq -- "$1" "$scratch/out"
}
keys() {
    terminal send-keys "$@"
}
prompt='^[a-z_]+\.c:[0-9]+  \[Enter'
told() {
    terminal capture-pane -p | grep -Ev "$prompt|^\$" | cksum
}
changed() {
    [ "$(told)" != "$before" ]
}

prompted_again() {
    [ "$(terminal capture-pane -p | grep -Ec "$prompt")" -eq 2 ]
}

# start ROLE: up to the first prompt, before anything happened; on a screen that shows nothing older
cleared() {
    ! shows "$prompt|^ +ms "
}
start() {
    keys clear Enter
    await cleared
    keys "ipc-pipe $1 --step" Enter
    await shows "$prompt"
}

# An Enter from before a prompt is dropped: where another process' event comes in between, the prompt
# that we saw may have been the one before. So, as anybody would, press it again after two seconds.
enter_until_changed() {
    while :; do
        keys Enter
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            ! changed || return 0
            sleep 0.1
        done
    done
}

# step_until PATTERN: Enter, and what comes of it, until that is on the screen
step_until() {
    steps=0
    while ! shows "$1"; do
        await shows "$prompt"
        before=$(told)
        enter_until_changed
        steps=$((steps + 1))
        [ $steps -lt 60 ] || fail "60 steps, and no '$1'"
    done
}

# see_processes: the two that the screen names, and the end of the first one's hint
see_processes() {
    child=$(sed -n 's/.*fork() = 0   I am \([0-9]*\).*/\1/p' "$scratch/out")
    parent=$(sed -n 's|.*from a second terminal: ls -l /proc/\([0-9]*\)/fd.*|\1|p' "$scratch/out")
    [ -n "$child$parent" ] || fail "no two processes"
}

start demo
hasnt "$scratch/out" 'pipe\(\)'
milliseconds() {
    awk '{ print int($1 * 1000) }' /proc/uptime 2>/dev/null || echo 0
}
began=$(milliseconds)
step_until 'read\([0-9]+\) \.\.\.$'
shows '' # once more: the hint stands there by now
see_processes
await shows "$prompt"
if on_linux; then
    # what the hint says to look with: the child sleeps, and has the read end of a pipe alone
    await sleeping "$child"
    read_end=$(sed -n 's/.*read(\([0-9]*\)) \.\.\.$/\1/p' "$scratch/out")
    # shellcheck disable=SC2010 # the command of the hint
    ls -l "/proc/$child/fd" | grep -Eq " $read_end -> pipe:" || fail "no pipe at $read_end"
fi
sleep 0.7 # the clock of the narration stands still meanwhile
[ "$(grep -c '= 15  "hello' "$scratch/out")" -eq 0 ] || fail "it went on without Enter"
step_until 'asleep [0-9]+ ms: it was empty'
asleep=$(sed -n 's/.*asleep \([0-9]*\) ms: it was empty.*/\1/p' "$scratch/out" | head -n 1)
! on_linux || [ "$asleep" -lt $(($(milliseconds) - began - 650)) ] ||
    fail "the time at the prompt was counted: $asleep ms"
step_until 'write\([0-9]+, "hello, world #2"\)'

# stopped, and in the foreground again
await shows "$prompt"
keys C-z
await stopped "$parent"
await shows '[Ss]topped|[Ss]uspended'
sleep 0.5 # as nobody types faster
keys 'fg' Enter
await prompted_again
keys 'r' Enter
await shows 'Finished reading'
await over "$parent"

for end in q C-c; do
    start parent
    step_until 'read\([0-9]+\) \.\.\.$'
    shows '' && see_processes
    await shows "$prompt"
    if [ $end = q ]; then keys q Enter; else keys C-c; fi
    await over "$parent"
    await over "$child"
    # shellcheck disable=SC2016 # for the shell of the terminal
    keys 'echo "status $?"' Enter
    await shows '^status [0-9]'
    shows "^status $([ $end = q ] && echo 0 || echo 130)\$" || fail "another status after $end"
done
