# key: the parts of what ftok makes, and two ids that collide.
. "$SOURCE/tests/harness.sh"

touch "$scratch/file"
run 0 ipc-msgqueue key "$scratch/file" 65
has "$scratch/out" 'ftok\(.*, 321\) = 0x[0-9a-f]+   the same key'
key=$(ipc-msgqueue key -q "$scratch/file" 65)
[ "$key" = "$(ipc-msgqueue key -q "$scratch/file" 321)" ] || fail "65 and 321 differ"
case $key in 0x41*) ;; *) fail "the id is not in the key $key" ;; esac
run 1 ipc-msgqueue key "$scratch/missing"
run 0 ipc-msgqueue key . 2147483647 # the longest of ids still fits
narration "$scratch/out"
nothing_left
