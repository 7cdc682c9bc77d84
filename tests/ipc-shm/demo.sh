# The demo: the key, five fills of a segment, written and read in step, and who is attached.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-shm
for letter in A B C D E; do
    has "$scratch/demo" "writes 1023 x '$letter'"
    has "$scratch/demo" "reads 1023 x '$letter'"
done
has "$scratch/demo" 'shm_nattch = 2'
has "$scratch/demo" 'ipcs -m -i'
awk '/writes 1023/ { w++ } /reads 1023/ { r++; if (r != w) exit 1 }' "$scratch/demo" || fail "not in step"
