# SPDX-License-Identifier: MIT
# Whoever looks at the first lines only (| head) is not told of errors: what shows something ends
# there without a word, as by SIGPIPE. With SIGPIPE ignored it is told.
. "$SOURCE/tests/harness.sh"
[ "${SANITIZE:-}" != thread ] || skip "ThreadSanitizer breaks off at a robust mutex whose holder has died"

# shown LINES PROGRAM ARGUMENT...: with files of that program's own
shown() {
    lines=$1 own=$scratch/$2
    shift
    { "$@" </dev/null 2>"$own.err"; echo $? >"$own.status"; } | head -n "$lines" >/dev/null
    await test -s "$own.status"
    case $(cat "$own.status") in
    0 | 141) ;;
    1) if grep -q 'this system has no SO_REUSEPORT' "$own.err"; then return; fi ;;
    *) fail "$*, read up to line $lines, exited $(cat "$own.status"): $(cat "$own.err")" ;;
    esac
    [ ! -s "$own.err" ] || fail "$*, read up to line $lines: $(cat "$own.err")"
    rm "$own.status"
}

shown_all() {
    shown 1 "$1" --help
    for role in demo $("$1" --help | awk '/^[a-z]/ { group = $1 }
                                          /^  / && group == "understand" { print $1 }'); do
        shown 1 "$1" "$role" --help
        shown 2 "$1" "$role"
        shown 7 "$1" "$role"
    done
}

all=
for program in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    shown_all ipc-$program &
    all="$all $!"
done
for one in $all; do
    wait "$one" || fail 'see above'
done
shown 1 ipc-msgqueue stat
(trap '' PIPE; ipc-pipe demo 2>"$scratch/err"; echo $? >"$scratch/status") | head -n 1 >/dev/null
await test -s "$scratch/status"
[ "$(cat "$scratch/status")" -eq 1 ] || fail "exit $(cat "$scratch/status") with SIGPIPE ignored"
has "$scratch/err" 'write "standard output": Broken pipe'
nothing_left
