# SPDX-License-Identifier: MIT
# demo, which is parent, tells of every child: both results of fork, index, pid, ppid, status; then ECHILD.
. "$SOURCE/tests/harness.sh"

for role in parent demo; do
    run 0 ipc-fork $role
    narration "$scratch/out"
    tr -s '\n |' ' ' <"$scratch/out" >"$scratch/words" # what does not fit goes on in the next row
    parent=$(sed -n 's/^.*  getpid() = \([0-9]*\)$/\1/p' "$scratch/out")
    [ -n "$parent" ] || fail "no pid of the parent"
    for i in 0 1 2 3 4; do
        pid=$(sed -n "s/^.*  fork() = \([0-9]*\)  *\[$i\] fork() = 0   I am \([0-9]*\)\$/\1 \2/p" \
            "$scratch/out")
        [ -n "$pid" ] || fail "no child $i"
        [ "${pid% *}" = "${pid#* }" ] || fail "child $i: fork returned '$pid'"
        has "$scratch/out" "  \[$i\] getppid\(\) = $parent( |$)"
        has "$scratch/out" "  \[$i\] _exit\($i\)$"
        has "$scratch/words" "(waitpid\(-1\)|') ?= ${pid% *} \[$i\] exit status $i "
    done
    # cause before effect: for each child fork, its own lines, its end, what the parent hears of it
    awk '{ for (i = 0; i < 5; i++) {
             if (index($0, "[" i "] fork() = 0")) born[i] = NR
             if (index($0, "[" i "] getppid")) told[i] = NR
             if (index($0, "[" i "] _exit")) left[i] = NR
             if (index($0, "[" i "] exit status")) gone[i] = NR } }
         END { for (i = 0; i < 5; i++)
                 if (!(0 < born[i] && born[i] < told[i] && told[i] < left[i] && left[i] < gone[i]))
                   exit 1 }' "$scratch/out" || fail "an effect stands before its cause"
    has "$scratch/words" 'waitpid\(-1, WNOHANG\) = -1 ECHILD '
    [ "$(tail -n 1 "$scratch/out")" = "all children have exited" ] || fail "the last line is wrong"
    [ ! -s "$scratch/err" ] || fail "something on standard error"
done

# the first children take longest: they are consumed as they end, not as they began, and one waits
run 0 ipc-fork parent
has "$scratch/out" 'asleep [0-9]+ ms'
[ "$(grep -c '\] exit status' "$scratch/out")" -eq 5 ] || fail "not five children consumed"

run 0 ipc-fork parent -n 1 --pace 0.01
has "$scratch/out" '\[0\] exit status 0'
