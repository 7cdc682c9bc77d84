# SPDX-License-Identifier: MIT
# A full or closed standard output is exit 1 with the error; a closed standard error harms nobody.
. "$SOURCE/tests/harness.sh"

for role in demo 'parent -n 2' child orphan zombie reap copy buffers loop; do
    if [ -c /dev/full ]; then
        status=0
        # shellcheck disable=SC2086
        ipc-fork $role >/dev/full 2>"$scratch/err" || status=$?
        [ $status -eq 1 ] || fail "$role exited $status with a full output"
        has "$scratch/err" '^ipc-fork: write "standard output": No space left on device$'
    fi
    status=0
    # shellcheck disable=SC2086
    ipc-fork $role >&- 2>"$scratch/err" || status=$?
    [ $status -eq 1 ] || fail "$role exited $status without output"
    has "$scratch/err" '^ipc-fork: write "standard output": '
    # shellcheck disable=SC2086
    ipc-fork $role <&- 2>&- >"$scratch/out" || fail "$role failed without input and error"
done

# a reader that leaves in the middle
for role in demo orphan zombie reap copy buffers loop; do
    for lines in 1 2 4 8; do
        { ipc-fork $role 2>"$scratch/err"; echo $? >"$scratch/status"; } | head -n $lines >/dev/null
        await test -s "$scratch/status"
        case $(cat "$scratch/status") in
        0 | 141) ;;
        *) fail "$role exited $(cat "$scratch/status") when its reader left" ;;
        esac
        [ ! -s "$scratch/err" ] || fail "$role blames somebody: $(cat "$scratch/err")"
        rm "$scratch/status"
    done
done

# a terminal's colours only on a terminal
run 0 ipc-fork demo
hasnt "$scratch/out" "$(printf '\033')"
