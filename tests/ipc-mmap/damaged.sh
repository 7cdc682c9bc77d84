# SPDX-License-Identifier: MIT
# Somebody writes into the ring's header while the pair uses it: neither side hangs or crashes, and
# exit 0 still means that every byte has arrived. Each word gets one of ten values, another in every
# run; ALL_VALUES=1 tries all.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

set -- '\000\000\000\000\000\000\000\000' '\001\000\000\000\000\000\000\000' \
    '\377\377\377\377\377\377\377\377' '\377\377\377\377\000\000\000\000' \
    '\000\000\000\000\001\000\000\000' '\000\000\000\000\000\000\000\200' \
    '\377\377\377\377\377\377\377\177' '\000\000\040\000\000\000\000\000' \
    '\001\000\040\000\000\000\000\000' '\010\007\006\005\004\003\002\001'
random_bytes 3000000 >"$scratch/more"
echo 'one line' | cat - "$scratch/more" >"$scratch/all"

# damage OFFSET BYTES: of a ring that has carried a line, and is to carry more than it holds
damage() {
    begin_pair ipc-mmap --path "$scratch/ring"
    # shellcheck disable=SC2059 # bytes
    printf "$2" | dd of="$scratch/ring" bs=1 seek="$1" conv=notrunc 2>/dev/null || fail "dd"
    cat "$scratch/more" >&3 2>/dev/null &
    exec 3>&-
    for side in $producer $consumer; do
        await over "$side"
        got=0
        wait "$side" || got=$?
        case $got in
        1 | 3) ;;
        0) cmp -s "$scratch/out" "$scratch/all" || wrong "exit 0 without all bytes" "$@" ;;
        *) wrong "exited $got" "$@" ;;
        esac
    done
    nothing_left
    [ ! -e "$scratch/ring" ] || wrong "the ring is left" "$@"
}
wrong() {
    cat "$scratch/consumer" "$scratch/producer" >&2
    printf '%s\n' "$3 at $2:" >&2
    rm "$scratch/out"
    fail "$1"
}

offset=0 # as many as sizeof(struct ring_memory) has; one that is larger has bytes at its end alone
for number in $(od -An -v -N24 -tu1 /dev/urandom); do
    for value in "$@"; do
        number=$((number + 1))
        if [ -n "${ALL_VALUES:-}" ] || [ $((number % $#)) -eq 0 ]; then
            damage $offset "$value"
        fi
    done
    offset=$((offset + 8))
done
