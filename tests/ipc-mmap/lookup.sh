# SPDX-License-Identifier: MIT
# lookup: the character at each index that is typed; what is no index is said so, and asked again.
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
nothing_left

# a file that becomes smaller meanwhile: an error, no crash
mkfifo "$scratch/typed2"
ipc-mmap lookup "$scratch/file" <"$scratch/typed2" >"$scratch/seen" 2>"$scratch/err" &
lookup=$!
started $lookup
exec 3>"$scratch/typed2"
echo 0 >&3
await test -s "$scratch/seen"
: >"$scratch/file"
echo 1 >&3
ended 1 $lookup
exec 3>&-
has "$scratch/err" 'file" became smaller while it was used'
nothing_left
