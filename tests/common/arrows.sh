# SPDX-License-Identifier: MIT
# Include lines point down: a room uses only the rooms below it, no circle, no mechanism another one.
. "$SOURCE/tests/harness.sh"

# may_use ROOM OTHER: what house and build allow.
may_use() {
    case $1:$2 in
    "$1:$1" | *:common) ;;
    transfer:rendezvous | transfer:narration) ;;
    bench:rendezvous | bench:narration | bench:transfer) ;;
    ipc-*:narration | ipc-*:rendezvous | ipc-*:transfer | ipc-*:bench) ;;
    *) return 1 ;;
    esac
}

cd "$SOURCE" || exit 1
grep -n '^#include "' src/*/*.[ch] include/ipc/*/*.h >"$scratch/includes" || fail "no include lines"
[ "$(wc -l <"$scratch/includes")" -gt 200 ] || fail "only a few include lines were found"
while IFS= read -r line; do
    file=${line%%:*}
    included=${line#*\"}
    included=${included%\"*}
    room=${file#src/}
    room=${room#include/ipc/}
    room=${room%%/*}
    case $included in
    ipc/*/*) other=${included#ipc/} other=${other%%/*} ;;
    */*) fail "$file includes $included: no path of another folder" ;;
    *)
        other=$room
        [ -f "src/$room/$included" ] || fail "$file includes $included, which is not in src/$room"
        case $room in ipc-*) ;; *) fail "$file includes $included without its room" ;; esac
        ;;
    esac
    may_use "$room" "$other" || fail "$file includes $included: $room may not use $other"
    # one edge per file and included file, a .c file and its header being one thing
    from=$room/$(basename "${file%.*}")
    to=$other/$(basename "${included%.*}")
    [ "$from" = "$to" ] || echo "$from $to"
done <"$scratch/includes" >"$scratch/edges" || exit 1

# tsort says so on standard error, and exits 1, where there is a circle
run 0 tsort "$scratch/edges"

# every header mirrors a file of its room
for header in include/ipc/*/*.h; do
    mirror=src/${header#include/ipc/}
    [ -f "${mirror%.h}.c" ] || fail "$header has no ${mirror%.h}.c"
done
