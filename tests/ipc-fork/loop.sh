# SPDX-License-Identifier: MIT
# loop: five forks make 31 descendants, each told once and by its parent; 5 where each child leaves.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fork loop
narration "$scratch/out"
awk '/^-> right: / { right = 1 }
     / fork\(\)/ && !/^->/ && !/\?$/ {
         times = /times/ ? substr($0, match($0, /[0-9]+ times/)) + 0 : 1
         if (right) { leaving += times; next }
         if (/  fork\(\), 5 times: 1 to 5$/) { for (i = 1; i <= 5; i++) born[i] = 1; made = 5; next }
         number = substr($0, index($0, "[") + 1) + 0
         if (!born[number]) { print "[" number "] forks before it is told of"; exit bad = 1 }
         rest = $0
         sub(/.*:/, "", rest)
         count = split(rest, names, ",")
         if (count != times) { print "not " times ": " $0; exit bad = 1 }
         for (i = 1; i <= count; i++) {
             name = names[i] + 0
             if (born[name]++) { print name " is told twice"; exit bad = 1 }
             made++
         }
     }
     END { if (!bad && (made != 31 || leaving != 5)) { print made, leaving; bad = 1 } exit bad }' \
    "$scratch/out" >&2 || fail "not 31 descendants, and 5"
has "$scratch/out" '^-> turn by turn: 1, 2, 4, 8 and 16 forks$'
[ "$(tail -n 1 "$scratch/out")" = \
    "5 turns made 31 descendants, since each one went on; 5, if each leaves." ] || fail "no answer"
