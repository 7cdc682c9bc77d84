# SPDX-License-Identifier: MIT
# course.sh takes all lessons in order, remembers where one was, and ends in a sheet of answers; the
# same lessons, with their questions, stand in ipc-demos(7).
# timeout: 120
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

course=$SOURCE/examples/course.sh
run 2 "$course" --nonsense
has "$scratch/err" '^usage: course.sh'
run 2 "$course" </dev/null
has "$scratch/err" 'no terminal'

run 0 "$course" --sheet
cp "$scratch/out" "$scratch/sheet"
for program in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    ipc-$program --help | sed -n "/^understand it/,/^\$/s/^  \([a-z0-9]*\) .*/ipc-$program \1/p"
done >"$scratch/lessons"
[ "$(wc -l <"$scratch/lessons")" -gt 40 ] || fail "only a few lessons"
sed -n '/^ipc-/p' "$scratch/sheet" | diff "$scratch/lessons" - >&2 || fail "other lessons"
awk 'NR % 4 == 2 && !/^  [a-zA-Z0-9].*\?$/ { print "no question: " $0; bad = 1 }
     NR % 4 == 3 && !/^  .*[.]$/ { print "no answer: " $0; bad = 1 }
     END { exit bad }' "$scratch/sheet" >&2 || fail "the sheet"

# the manual page has the same lessons in that order, each with its question
awk '/^\.Sh COURSE/ { inside = 1; next }
     inside && (/^\.It / || /^\.El/) { if (question != "") print "  " question; question = "" }
     /^\.El/ { inside = 0 }
     inside && /^\.It / { sub(/^\.It Nm /, ""); sub(/ Cm /, " "); print; asked = 1; next }
     inside && asked { question = question (question == "" ? "" : " ") $0 }' \
    "$SOURCE/src/ipc-demos.7" | sed 's/\\&//g; s/\\-/-/g' >"$scratch/page"
awk 'NR % 4 == 1 || NR % 4 == 2' "$scratch/sheet" | diff "$scratch/page" - >&2 ||
    fail "COURSE in ipc-demos(7)"

# a signal ends the lesson, too
ln -s "$BINARIES"/ipc-* "$scratch/bin"
rm "$scratch/bin/ipc-fork"
command_is ipc-fork "[ \"\$1\" != --help ] || exec \"$BINARIES/ipc-fork\" --help" ': >"$runs"' 'exec sleep 1000'
BINARIES=$scratch/bin interrupted "$course" --sheet

# two lessons, then q; the next time it is the third
command -v tmux >/dev/null || skip "no tmux to type in"
[ -z "$SANITIZE" ] || skip "sanitizers do without the thread that prompts"
export XDG_STATE_HOME="$scratch/state"
terminal() {
    tmux -L "$name" -f /dev/null "$@"
}
shows() {
    terminal capture-pane -p -S - >"$scratch/out" && grep -Eq -- "$1" "$scratch/out"
}
at_end 'terminal kill-server 2>/dev/null'
ended_lessons() {
    shows . && [ "$(grep -c 'Enter: the next lesson' "$scratch/out")" -eq "$1" ]
}
count=$(wc -l <"$scratch/lessons")
terminal new-session -d -x 80 -y 200 sh || skip "tmux does not start"
terminal send-keys "'$course'" Enter
for number in 1 2; do
    await shows "^Lesson $number of $count: $(sed -n "${number}p" "$scratch/lessons")"
    await shows '^[a-z]+\.c:[0-9]+  \[Enter'
    terminal send-keys r Enter
    await ended_lessons $number
    [ $number -eq 2 ] || terminal send-keys Enter
done
terminal send-keys q Enter
await [ "$(cat "$XDG_STATE_HOME/ipc-demos-course")" = 3 ]
terminal send-keys "'$course'" Enter
await shows "^Lesson 3 of $count"
terminal send-keys C-c # ends the lesson, too
asked() { # again: the lesson may take what is typed before it has ended
    terminal send-keys 'echo ended $?' Enter
    shows 'ended 130$' # the prompt may stand before it
}
await asked
