# The bench: a row for each family and way of waiting; what no message can carry is an error.
. "$SOURCE/tests/harness.sh"

run 0 ipc-msgqueue bench --csv --count 100 --bytes 100K --size 64
for row in sysv,block sysv,spin posix,block posix,spin; do
    has "$scratch/out" "^msgqueue,$row,64,100,"
done
run 1 ipc-msgqueue bench --size 1M
has "$scratch/err" '/proc/sys/kernel/msgmax'
has "$scratch/err" '/proc/sys/fs/mqueue/msgsize_max'
nothing_left
