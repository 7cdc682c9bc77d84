# What is wrong on the command line is named, exit 2; the bench clamps no size.
. "$SOURCE/tests/harness.sh"

run 2 ipc-mmap
run 2 ipc-mmap lokup
has "$scratch/err" "did you mean 'lookup'"
for role in $(ipc-mmap --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
    run 0 ipc-mmap "$role" --help
    run 2 ipc-mmap "$role" --nonsense
done
run 2 ipc-mmap producer --path x --name y </dev/null
run 2 ipc-mmap producer --path '' </dev/null
run 2 ipc-mmap consumer --name a/b
run 2 ipc-mmap producer a b

run 0 ipc-mmap bench --csv --count 10 --bytes 100K --size 64 --size 5M
for row in file,block file,spin anonymous,block anonymous,spin; do
    has "$scratch/out" "^mmap,$row,64,10,"
    has "$scratch/out" "^mmap,$row,5242880,10,"
done
[ "$(wc -l <"$scratch/out")" -eq 9 ] || fail "not 9 lines"
nothing_left
