# What is wrong on the command line is named, with exit status 2; the bench measures both waits.
. "$SOURCE/tests/harness.sh"

run 2 ipc-fifo
run 2 ipc-fifo opne
has "$scratch/err" "did you mean 'open'"
for role in $(ipc-fifo --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    run 0 ipc-fifo "$role" --help
    run 2 ipc-fifo "$role" --nonsense
done
run 2 ipc-fifo producer --name a/b
run 2 ipc-fifo producer --name ..
run 2 ipc-fifo consumer --name x --path y
run 2 ipc-fifo consumer --mode 999
run 2 ipc-fifo consumer --mode 7777
run 2 ipc-fifo consumer --timeout -1
run 2 ipc-fifo consumer file

run 0 ipc-fifo bench --csv --count 100 --bytes 100K --size 64
[ "$(wc -l <"$scratch/out")" -eq 3 ] || fail "not two rows"
has "$scratch/out" '^fifo,fifo,block,64,100,'
has "$scratch/out" '^fifo,fifo,spin,64,100,'
nothing_left
