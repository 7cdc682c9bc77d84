# lookup, view and edit: parts of files, and what cannot be mapped.
. "$SOURCE/tests/harness.sh"

printf '%s\n' 0 25 26 61 ' 36 ' | ipc-mmap lookup >"$scratch/out" || fail "lookup"
[ "$(tr -d '\n' <"$scratch/out")" = AZ0za ] || fail "lookup found something else"
nothing_left
# what is no index is said so, and asked again; -1 ends
printf 'x\n62\n-2\n1e1\n99999999999999999999\n\n1\n-1\n2\n' >"$scratch/typed"
ipc-mmap lookup <"$scratch/typed" >"$scratch/out" 2>"$scratch/err" || fail "lookup"
[ "$(cat "$scratch/out")" = B ] || fail "lookup went on"
has "$scratch/err" "'x' is not a number"
has "$scratch/err" '62 is out of range: 0 to 61'
has "$scratch/err" '-2 is out of range'
has "$scratch/err" "'1e1' is not a number"
has "$scratch/err" "'99999999999999999999' is not a number"
# nor what only begins like one
{
    printf '%064d1\n' 0
    printf '2%070dx\n' 3 | tr 03 '  '
    printf '4\0005\n3\n'
} | ipc-mmap lookup >"$scratch/out" 2>"$scratch/err" || fail "lookup"
[ "$(cat "$scratch/out")" = D ] || fail "lookup took the beginning of a line for all of it"
[ "$(grep -c 'is not a number' "$scratch/err")" -eq 3 ] || fail "not three refused"
printf 'a\n\000\377\\\t' >"$scratch/file"
printf '1\n2\n3\n4\n5' | ipc-mmap lookup "$scratch/file" >"$scratch/out"
cat >"$scratch/expected" <<'END'
\n
\x00
\xff
\\
\t
END
same "$scratch/out" "$scratch/expected"

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

# what cannot be mapped
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
run 2 ipc-mmap view "$scratch/file" 0
run 2 ipc-mmap view "$scratch/file" x 1
has "$scratch/err" "OFFSET: 'x'"
run 2 ipc-mmap view "$scratch/file" 0 99999999999999999999
run 2 ipc-mmap edit "$scratch/file" 0 ''
run 2 ipc-mmap edit -q "$scratch/file" 0 x
nothing_left
