# SPDX-License-Identifier: MIT
# gate.sh compresses every file, never more than K at a time, and says which could not be.
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

at_end 'ipc-semaphore remove --name gate >/dev/null 2>&1'
for i in 1 2 3 4 5 6; do
    random_bytes 50000 >"$scratch/file$i"
done

# A gzip that notes how many of it are inside.
mkdir "$scratch/inside"
command_is gzip ': >"$inside/$$"' 'set -- "$@" "$(ls "$inside" | wc -l)"' 'for last in "$@"; do :; done' \
    'echo "$last" >>"$inside.most"' 'sleep 0.05' 'rm "$inside/$$"'
inside=$scratch/inside PATH=$scratch/bin:$PATH run 0 "$SOURCE/examples/gate.sh" 2 "$scratch"/file?
[ "$(wc -l <"$scratch/inside.most")" -eq 6 ] || fail "not all have run"
[ "$(sort -n "$scratch/inside.most" | tail -n 1)" -le 2 ] || fail "more than two at once"

# one is missing, and of one there is something already
echo mine >"$scratch/file3.gz"
run 2 "$SOURCE/examples/gate.sh" 3 "$scratch"/file[1-6]
has "$scratch/err" '^gate.sh: gzip .*/file3: exit status 2'
[ "$(cat "$scratch/file3.gz")" = mine ] || fail "a file was overwritten"
for i in 1 2 4 5 6; do
    gzip -dc "$scratch/file$i.gz" >"$scratch/back"
    same "$scratch/back" "$scratch/file$i"
done
run 1 "$SOURCE/examples/gate.sh" 3 "$scratch/missing" "$scratch/file3.gz"

command_is gzip ': >"$runs"' 'exec sleep 1000'
interrupted "$SOURCE/examples/gate.sh" 2 "$scratch"/file[1-6]
run 0 ipc-semaphore stat --name gate
has "$scratch/out" '^in use +0$'
