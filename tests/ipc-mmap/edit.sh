# SPDX-License-Identifier: MIT
# edit: offsets in several notations, any bytes from standard input, and only where it is expected.
. "$SOURCE/tests/harness.sh"

file=$scratch/file
printf 'hello, world' >"$file"
holds() {
    [ "$(cat "$file")" = "$1" ] || fail "it holds $(cat "$file"), not $1"
}
run 0 ipc-mmap edit --expect world "$file" 0x7 WORLD
holds 'hello, WORLD'
run 1 ipc-mmap edit --expect world "$file" 7 again
has "$scratch/err" 'holds something else at 7: not changed'
holds 'hello, WORLD'
run 1 ipc-mmap edit --expect 'WORLD and more' "$file" 7 x # past its end
run 0 ipc-mmap edit --expect WOR "$file" 7 w
holds 'hello, wORLD'
run 2 ipc-mmap edit --expect '' "$file" 0 x

printf 'a\0\377' | ipc-mmap edit "$file" 1 - || fail "no bytes from standard input"
[ "$(od -An -c "$file" | head -n 1 | tr -d ' ')" = 'ha\0377o,wORLD' ] || fail "other bytes: $(od -c "$file")"
run 0 ipc-mmap edit "$file" 1 - </dev/null # nothing is to be stored
head -c 13 /dev/zero >"$scratch/longer"
run 1 ipc-mmap edit "$file" 0 - <"$scratch/longer"
has "$scratch/err" '13 bytes at 0 would go past the end'

# bytes that the file has no longer, though its last page is still mapped
mkfifo "$scratch/input"
ipc-mmap edit "$file" 5 - <"$scratch/input" >"$scratch/out" 2>"$scratch/err" &
editor=$!
started $editor
exec 3>"$scratch/input"
printf 'more' >&3
await sleeping $editor
printf 'he' >"$file"
exec 3>&-
ended 1 $editor
has "$scratch/err" 'file" became smaller while it was used'
printf 'hello, world' >"$file"

for wrong in -1 1k 0xg 0x x 1KK 9223372036854775808 8388608T ' 1' +1; do
    run 2 ipc-mmap edit "$file" -- "$wrong" x
    has "$scratch/err" "OFFSET: '.*' is not a number of bytes like 4096, 0x1000, 64K or 2T"
done
truncate -s 1100G "$scratch/sparse" 2>/dev/null || exit 0
run 0 ipc-mmap edit "$scratch/sparse" 1T text
run 0 ipc-mmap view "$scratch/sparse" 0x10000000000 4
[ "$(cat "$scratch/out")" = text ] || fail "not there"
