# SPDX-License-Identifier: MIT
# copy-tree.sh: the copy is the original, or it is an error.
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

mkdir -p "$scratch/from/deep/er"
random_bytes 3000000 >"$scratch/from/deep/file"
echo hello >"$scratch/from/deep/er/text"
run 0 "$SOURCE/examples/copy-tree.sh" "$scratch/from" "$scratch/to"
diff -r "$scratch/from" "$scratch/to" || fail "the copy differs"

run 1 "$SOURCE/examples/copy-tree.sh" "$scratch/missing" "$scratch/not"
run 1 "$SOURCE/examples/copy-tree.sh" "$scratch/from" "$scratch/from/deep/new/to"
has "$scratch/err" 'is inside'
[ -z "$(find "$scratch" -name not -o -name new)" ] || fail "a refused copy has begun"

# the tar that reads, and the tar that writes
tar=$(command -v tar)
command_is tar 'case $* in *-cf*) '"$tar"' "$@" | head -c 300000; exit 7 ;; esac' "exec $tar \"\$@\""
PATH=$scratch/bin:$PATH run 7 "$SOURCE/examples/copy-tree.sh" "$scratch/from" "$scratch/half"
has "$scratch/err" '^copy-tree.sh: tar .*: exit status 7$'
command_is tar 'case $* in *-xf*) exit 8 ;; esac' "exec $tar \"\$@\""
PATH=$scratch/bin:$PATH run 8 "$SOURCE/examples/copy-tree.sh" "$scratch/from" "$scratch/none"
nobody_left || fail "left: $left"

command_is tar 'case $* in *-xf*) : >"$runs" ;; esac' 'sleep 1000'
interrupted "$SOURCE/examples/copy-tree.sh" "$scratch/from" "$scratch/other"
nothing_left
