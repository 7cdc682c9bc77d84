# SPDX-License-Identifier: MIT
# Any program may be at the other end of --path; a FIFO that was there before is used and stays.
. "$SOURCE/tests/harness.sh"

random_bytes 3000000 >"$scratch/file"
fifo=$scratch/fifo

mkfifo "$fifo"
cat "$scratch/file" >"$fifo" &
ipc-fifo consumer -q --path "$fifo" >"$scratch/out" || fail "consumer after cat"
wait $!
same "$scratch/out" "$scratch/file"
cat "$fifo" >"$scratch/out" &
cat=$!
ipc-fifo producer -q --path "$fifo" "$scratch/file" || fail "producer before cat"
ended 0 $cat
same "$scratch/out" "$scratch/file"
[ -p "$fifo" ] || fail "a FIFO that was not ours was removed"

# a reader that leaves in the middle
head -c 10 "$fifo" >/dev/null &
run 1 ipc-fifo producer -q --path "$fifo" "$scratch/file"
has "$scratch/err" 'Broken pipe'
rm "$fifo"

# --mode is what ls shows, less the umask
(umask 022; exec ipc-fifo consumer -q --path "$fifo" --mode 666 >/dev/null) &
consumer=$!
await test -p "$fifo"
case $(ls -l "$fifo") in prw-r--r--*) ;; *) fail "$(ls -l "$fifo")" ;; esac
echo >"$fifo"
ended 0 $consumer
[ ! -e "$fifo" ] || fail "our FIFO was left"

# what is no FIFO is refused by name and not touched
echo keep >"$scratch/regular"
ln -s "$scratch/elsewhere" "$scratch/link"
mkdir "$scratch/folder"
for path in regular link folder; do
    for role in producer consumer; do
        run 1 ipc-fifo $role --path "$scratch/$path" </dev/null
        has "$scratch/err" "$scratch/$path.*(regular file|symbolic link|directory).*not used"
    done
done
[ "$(cat "$scratch/regular")" = keep ] || fail "a regular file was changed"
run 1 ipc-fifo consumer --path "$scratch/no/such/fifo"
has "$scratch/err" 'No such file'
if [ "$(id -u)" -eq 0 ]; then
    mkfifo "$scratch/others"
    chown 65534 "$scratch/others"
    run 1 ipc-fifo consumer --path "$scratch/others"
    has "$scratch/err" 'belongs to user 65534'
fi
nothing_left
