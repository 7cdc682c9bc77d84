# SPDX-License-Identifier: MIT
# key: the parts of what ftok makes, two ids that collide, and what a file made anew has.
. "$SOURCE/tests/harness.sh"

touch "$scratch/file"
run 0 ipc-msgqueue key "$scratch/file" 65
has "$scratch/out" 'ftok\(.*, 321\) = 0x[0-9a-f]+   the same key'
# shellcheck disable=SC2012 # the number that a student sees
has "$scratch/out" "inode $(ls -i "$scratch/file" | awk '{ print $1 }') = 0x"
has "$scratch/out" 'above they give 0x26[0-9a-f]{2}0002\.$'
inodes=$(grep O_EXCL, "$scratch/out" | grep -o 'inode [0-9]*' | uniq | wc -l)
keys=$(grep -o 'FILE, 65) = .*' "$scratch/out" | uniq | wc -l)
case $inodes:$keys in
1:1) has "$scratch/out" 'inode is the old one' ;;
2:2) has "$scratch/out" 'inode is a new one' ;;
*) fail "$inodes inodes gave $keys keys" ;;
esac
key=$(ipc-msgqueue key -q "$scratch/file" 65)
[ "$key" = "$(ipc-msgqueue key -q "$scratch/file" 321)" ] || fail "65 and 321 differ"
case $key in 0x41*) ;; *) fail "the id is not in the key $key" ;; esac
run 1 ipc-msgqueue key "$scratch/missing"
run 0 ipc-msgqueue key . 2147483647 # the longest of ids still fits
narration "$scratch/out"
nothing_left
