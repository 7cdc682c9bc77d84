# SPDX-License-Identifier: MIT
# The demo of all nine, as the preset runs it: each under its name, and nothing else between them.
# timeout: 300
# serial
. "$SOURCE/tests/harness.sh"

command -v cmake >/dev/null || skip 'cmake is not in PATH'
run 0 cmake --build "$BINARIES" --target demo # serial, since it may build
sed -n '/^-----/,$p' "$scratch/out" >"$scratch/screens"
sed -n 's/^\$ //p' "$scratch/screens" >"$scratch/headings"
for program in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    case $program in fork | pipe) echo "ipc-$program parent" ;; *) echo "ipc-$program demo" ;; esac
done >"$scratch/expected"
same "$scratch/headings" "$scratch/expected"

# between them, only what they tell themselves
sed '/^next:/,$d' "$scratch/screens" >"$scratch/told"
hasnt "$scratch/told" '^\[ *[0-9]+(%|/)|Built target|^g?make'
[ "$(grep -c '^   ms   ' "$scratch/told")" -eq 9 ] || fail "not nine narrations"
awk '/^-----/ { line = NR } /^\$ / && NR != line + 1 { bad = 1 }
     /^   ms   / { if (NR != line + 2) bad = 1 } END { exit bad }' "$scratch/told" ||
    fail "a screen does not begin with its heading"

# what it proposes next can be typed in the folder of the sources
sed -n '/^next:/,$p' "$scratch/screens" | sed -n 's/^next: /      /; s/^      //p' | sed 's/   .*//' >"$scratch/next"
[ "$(wc -l <"$scratch/next")" -eq 3 ] || fail "not three commands: $(cat "$scratch/next")"
has "$scratch/next" '^[^ ]+ parent --step$'
cd "$SOURCE" || exit 1
while read -r command role _; do
    case $role in
    parent) run 0 "$command" "$role" ;; # --step wants a terminal
    *) run 0 "$command" --help ;;
    esac
done <"$scratch/next"
