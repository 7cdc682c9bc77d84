# SPDX-License-Identifier: MIT
# A FIFO that is removed or replaced while one waits for the other side: told, and nothing written.
. "$SOURCE/tests/harness.sh"

path=$scratch/fifo
for by in nothing file fifo; do
    for role in producer consumer; do
        # a producer finds a FIFO that has come in the other's place, and waits at that
        [ "$role $by" = 'producer fifo' ] && continue
        rm -f "$scratch/first"
        echo data | ipc-fifo $role --path "$path" >"$scratch/out" 2>"$scratch/first" &
        waiter=$!
        started $waiter
        await grep -q 'waiting for' "$scratch/first"
        rm "$path"
        case $by in
        file) echo keep >"$path" ;;
        fifo) mkfifo "$path" ;;
        esac
        ended 1 $waiter
        has "$scratch/first" "$path"
        case $by in
        nothing) [ ! -e "$path" ] || fail "it was made again" ;;
        file) [ "$(cat "$path")" = keep ] || fail "a regular file was changed" ;;
        fifo) [ -p "$path" ] || fail "a FIFO that is not ours was removed" ;;
        esac
        rm -f "$path"
        nothing_left
    done
done
