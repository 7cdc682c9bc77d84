# SPDX-License-Identifier: MIT
# view and edit: parts of files of any size, and what cannot be mapped.
. "$SOURCE/tests/harness.sh"

# a sparse file of 100 GiB: only its pages are touched
truncate -s 100G "$scratch/sparse"
run 0 ipc-mmap edit "$scratch/sparse" 50G hello
run 0 ipc-mmap edit "$scratch/sparse" 107374182396 tail
run 0 ipc-mmap view "$scratch/sparse" 53687091199 7
[ "$(od -An -c "$scratch/out" | tr -d ' ')" = '\0hello\0' ] || fail "view: $(od -An -c "$scratch/out")"
run 0 ipc-mmap view "$scratch/sparse" 107374182396 4
[ "$(cat "$scratch/out")" = tail ] || fail "view of the tail"
run 1 ipc-mmap edit "$scratch/sparse" 107374182397 tail
has "$scratch/err" '107374182400 bytes'
[ "$(stat -c %s "$scratch/sparse")" -eq 107374182400 ] || fail "the length has changed"
[ "$(du -k "$scratch/sparse" | cut -f 1)" -le 64 ] || fail "it is not sparse any more"
# a sanitizer needs terabytes of addresses
# shellcheck disable=SC3045 # dash and bash have it
[ -n "${SANITIZE:-}" ] || (ulimit -v 200000 && ipc-mmap view "$scratch/sparse" 1G 10M | cmp -n 10485760 - /dev/zero) || fail "view"

# any bytes, in the middle of a file, across pages and parts
random_bytes 9000000 >"$scratch/file"
tail -c +1234568 "$scratch/file" | head -c 5000000 >"$scratch/expected"
run 0 ipc-mmap view "$scratch/file" 1234567 5000000
same "$scratch/out" "$scratch/expected"
run 0 ipc-mmap view "$scratch/file" 0 1G
same "$scratch/out" "$scratch/file"
has "$scratch/err" 'ends 9000000 bytes from there'
run 0 ipc-mmap view -q "$scratch/file" 9000000 1
[ "$(cat "$scratch/out" "$scratch/err" | wc -c)" -eq 0 ] || fail "view at the end"
run 1 ipc-mmap view "$scratch/file" 9000001 1
has "$scratch/err" 'past the end'
if [ -c /dev/full ]; then
    ipc-mmap view "$scratch/file" 0 10 >/dev/full 2>"$scratch/err" && fail "view to /dev/full"
    has "$scratch/err" 'No space left'
fi

# what cannot be mapped, by lookup either
: >"$scratch/empty"
mkfifo "$scratch/fifo"
for role in 'lookup FILE' 'view FILE 0 1' 'edit FILE 0 x'; do
    for file in empty fifo none .; do
        # shellcheck disable=SC2046 # words
        run 1 ipc-mmap $(echo "$role" | sed "s|FILE|$scratch/$file|") </dev/null
        has "$scratch/err" "$scratch/$file\"( is empty| is a pipe| is a directory|: No such|: Is a directory)|open.*Is a directory"
    done
done
if [ "$(id -u)" -ne 0 ]; then
    echo secret >"$scratch/secret"
    chmod 0 "$scratch/secret"
    run 1 ipc-mmap view "$scratch/secret" 0 1
    has "$scratch/err" 'Permission denied'
fi
nothing_left
