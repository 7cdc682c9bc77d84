# What is wrong on the command line is named, with exit status 2; the bench carries a word.
# serial
. "$SOURCE/tests/harness.sh"

run 2 ipc-signal
run 2 ipc-signal cath
has "$scratch/err" "did you mean 'catch'"
for role in $(ipc-signal --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    run 0 ipc-signal "$role" --help
    run 2 ipc-signal "$role" --nonsense
done
run 2 ipc-signal producer --pid 0 </dev/null
run 2 ipc-signal producer --pid 1 --name x </dev/null
run 2 ipc-signal catch -n 0

# told at once, before anybody is waited for
run 1 ipc-signal producer --name "$name" "$scratch/none"
has "$scratch/err" 'open ".*/none": No such file'
nothing_left

run 0 ipc-signal bench --csv --count 100 --bytes 1000
[ "$(wc -l <"$scratch/out")" -eq 3 ] || fail "not two rows"
has "$scratch/out" '^signal,sigqueue,block,[48],100,'
run 1 ipc-signal bench --size 64
has "$scratch/err" 'sigqueue carries [48] bytes'
