# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# What holds for every program where the system has little to give.

# check_limits PROGRAM ROLE...: with few descriptors, a small limit of file sizes, and on a file system
# that is full or read-only each role ends, says why unless it is done, and leaves nothing.
check_limits() {
    program=$1
    shift
    [ -d "$IPC_DEMOS_DIR" ] || mkdir -m 700 "$IPC_DEMOS_DIR"
    for role in "$@"; do
        for descriptors in 4 5 6 7 8 9; do
            limited "ulimit -n $descriptors"
        done
        for blocks in 0 1; do
            limited "ulimit -f $blocks"
        done
        unshare -m true 2>/dev/null || continue # a file system of one's own needs a namespace
        for options in size=4k nr_inodes=2 ro; do
            # shellcheck disable=SC2016 # for the inner shell
            limited "mount -t tmpfs -o mode=700,$options limited \"\$IPC_DEMOS_DIR\"" unshare -m
        done
    done
}

# limited COMMAND WORD...: the role after that command of a shell, which these words run. The shell
# itself opens nothing after it.
limited() {
    prepare=$1
    shift
    got=0
    # shellcheck disable=SC2016,SC2086 # for the inner shell; role and options are words
    "$@" sh -c "$prepare || exit 2"'
        "$@"
        status=$?
        for left in "$IPC_DEMOS_DIR"/*; do
            [ ! -e "$left" ] || exit 99
        done
        exit $status' - "$program" $role </dev/null >"$scratch/out" 2>"$scratch/err" \
        3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&- || got=$?
    case $got in
    0) ;;
    1 | 3) has "$scratch/err" "^$program: " ;;
    153) [ "${prepare#ulimit -f}" != "$prepare" ] || fail "$role: SIGXFSZ after '$prepare'" ;;
    99) fail "$role: something is left after '$prepare'" ;;
    *) fail "$role: exited $got after '$prepare'" ;;
    esac
    nothing_left
}
