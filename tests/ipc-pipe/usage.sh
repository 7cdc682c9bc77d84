# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"

run 0 ipc-pipe --help
for group in 'run it' 'understand it' 'use it' 'measure it'; do
    has "$scratch/out" "^$group\$"
done
run 0 ipc-pipe --version
run 2 ipc-pipe
run 2 ipc-pipe prodcer
has "$scratch/err" "unknown role 'prodcer'; did you mean 'producer'\\?"
for role in $(ipc-pipe --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p'); do
    run 0 ipc-pipe "$role" --help
    has "$scratch/out" "ipc-pipe $role"
    run 2 ipc-pipe "$role" --nonsense
    has "$scratch/err" 'nonsense'
    [ ! -s "$scratch/out" ] || fail "$role --nonsense prints something"
done
run 2 ipc-pipe parent a b
run 2 ipc-pipe parent -q
run 2 ipc-pipe parent --pace 1 file
run 2 ipc-pipe demo --pace x
has "$scratch/err" "x"
