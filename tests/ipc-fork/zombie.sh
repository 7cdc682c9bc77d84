# zombie shows the state letter before and after the end and after wait, as ps sees it.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

on_linux || skip "nobody tells the state of a process here"
run 0 ipc-fork zombie
narration "$scratch/out"
sed -n 's/^.*ps: \([0-9]*\) is in state \(.\).*$/\1 \2/p' "$scratch/out" >"$scratch/states"
child=$(sed -n '1s/ .*//p' "$scratch/states")
[ "$(tr '\n' ' ' <"$scratch/states" | tr S R)" = "$child R $child Z $child Z " ] || fail "other states"
awk '/_exit/ { left = NR } /state Z/ { if (!left) exit 1 } /= exit status 7/ { waited = NR }
     /ESRCH/ { if (!waited) exit 1; gone++ } END { exit gone != 2 }' "$scratch/out" ||
    fail "not in this order"
has "$scratch/out" "waitpid\($child\) = exit status 7$"
has "$scratch/out" "kill\($child, 0\) = -1   ESRCH$"
has "$scratch/out" 'waitpid\([0-9]+\) = -1   ECHILD$' # with SIGCHLD ignored there is no zombie
has "$scratch/out" '^Its pid and its status'

# a zombie that is there to be looked at: it is what ps says, too
step ipc-fork zombie
step_to 'is in state Z'
child=$(sed -n 's/^.*ps: \([0-9]*\) is in state Z.*$/\1/p' "$scratch/event")
case $(ps -o stat= -p "$child") in Z*) ;; *) fail "ps says otherwise" ;; esac
step_on 0
