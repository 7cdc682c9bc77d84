# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# What every program promises alike: its command line, and the frame of its lessons.

# refused PROGRAM ROLE ARGUMENT...: wrong use is exit 2, said on standard error and nowhere else.
refused() {
    run 2 "$@" </dev/null
    [ ! -s "$scratch/out" ] || fail "'$*' prints something"
    has "$scratch/err" "^$1: "
}

# fits COMMAND: what it has just printed fits 80 columns, and stands on standard output alone.
fits() {
    awk 'length > 80 { print "too long: " $0; bad = 1 } END { exit bad }' "$scratch/out" >&2 ||
        fail "$* is wider than 80 columns"
    [ -s "$scratch/out" ] || fail "$* prints nothing"
    [ ! -s "$scratch/err" ] || fail "$* prints something on standard error"
}

# check_usage PROGRAM: what is wrong on the command line is named with its nearest right spelling,
# exit 2, and nothing happens; help and version are exit 0, on standard output.
check_usage() {
    run 0 "$1" --version
    fits "$1 --version"
    has "$scratch/out" "^$1 [0-9]"
    cp "$scratch/out" "$scratch/version"
    run 0 "$1" -V
    same "$scratch/out" "$scratch/version"
    run 0 "$1" --help
    cp "$scratch/out" "$scratch/help"
    run 0 "$1" -h
    same "$scratch/out" "$scratch/help"
    fits "$1 --help"
    has "$scratch/out" "^usage: $1 ROLE"
    for group in 'run it' 'understand it' 'use it' 'measure it'; do
        case $1:$group in ipc-fork:use*) continue ;; esac
        has "$scratch/out" "^$group\$"
    done

    run 2 "$1"
    has "$scratch/err" "^usage: $1 ROLE"
    run 2 "$1" nothing-like-it
    has "$scratch/err" "^$1: unknown role 'nothing-like-it'"
    run 2 "$1" --nonsense
    checked=0
    for role in $(roles "$1"); do
        run 2 "$1" "${role}x"
        has "$scratch/err" "^$1: unknown role '${role}x'; did you mean '$role'\\?\$"
        check_role "$1" "$role"
        checked=$((checked + 1))
    done
    [ $checked -ge 8 ] || fail "only $checked roles"
}

check_role() {
    run 0 "$1" "$2" --help
    fits "$1 $2 --help"
    has "$scratch/out" "^usage: $1 $2( |\$)"
    sed -n 's/^  .*--\([a-z0-9]*\)\( \([^ ]*\)\)\{0,1\} .*/\1 \3/p' "$scratch/out" >"$scratch/options"
    refused "$1" "$2" --nonsense
    has "$scratch/err" "unknown option '--nonsense'"
    # an abbreviated name is no name
    refused "$1" "$2" --hel
    has "$scratch/err" "unknown option '--hel'; did you mean '--help'\\?\$"
    refused "$1" "$2" -Z
    while read -r option value; do
        refused "$1" "$2" "--${option}q"
        has "$scratch/err" "unknown option '--${option}q'; did you mean '--[a-z0-9]*'\\?\$"
        case $value in
        SECONDS) wrong='x -1 1x 1e999 nan 1:00' ;;
        SIZE) wrong='x -1 1KK 1.5K 99999999999999999999 16777216T' ;;
        N | COUNT | K | S | PID) wrong='x 1x 1.5 99999999999999999999 0x' ;;
        PORT) wrong='-1 65536 1x' ;;
        KEY) wrong='0 x 0x 0x100000000 1x' ;;
        NAME) wrong='a/b .. . ../x a*b' ;;
        *'|'*) wrong=other ;;
        *) wrong= ;;
        esac
        also=
        [ "$1:$option" != ipc-semaphore:key ] || also='--api sysv' # the other family has no keys
        for text in $wrong; do
            # shellcheck disable=SC2086 # words
            refused "$1" "$2" $also "--$option" "$text"
            has "$scratch/err" "^$1: $2: --$option: .*$(echo "$text" | sed 's/[.*]/\\&/g')"
        done
        case $value in
        '' | TEXT | FILE | HOST) ;; # none, or any text is right
        *) refused "$1" "$2" "--$option" '' ;;
        esac
        [ -z "$value" ] || refused "$1" "$2" "--$option" # the value is missing
    done <"$scratch/options"
}

# check_lessons PROGRAM ROLE...: each begins with its question, ends with its answer, and leaves
# nothing; its screen is $scratch/ROLE from then on.
check_lessons() {
    program=$1
    shift
    for role in "$@"; do
        run 0 "$program" "$role"
        [ ! -s "$scratch/err" ] || fail "$role: something on standard error"
        narration "$scratch/out"
        head -n 1 "$scratch/out" | grep -q '?$' || fail "$role: the first line is no question"
        tail -n 1 "$scratch/out" | grep -Eq '^[^ ].*\.$' || fail "$role: the last line is no sentence"
        ! on_linux || hasnt "$scratch/out" ' $'
        # on 24 rows the question has scrolled away: it stands above the answer again
        question=$(head -n 1 "$scratch/out")
        [ "$(wc -l <"$scratch/out")" -le 24 ] ||
            [ "$(tail -n 2 "$scratch/out" | head -n 1)" = "$question" ] || fail "$role: the question is gone"
        hasnt "$scratch/out" "$(printf '\033')"
        cp "$scratch/out" "$scratch/$role"
        [ "$program $role" = 'ipc-msgqueue key' ] || refused "$program" "$role" operand
        nothing_left
    done
}

# check_demo PROGRAM: told on standard output alone, without an operand, and nothing is left; its
# screen is $scratch/demo from then on.
check_demo() {
    run 0 "$1" demo
    [ ! -s "$scratch/err" ] || fail "something on standard error"
    narration "$scratch/out"
    hasnt "$scratch/out" ' $'
    hasnt "$scratch/out" "$(printf '\033')"
    cp "$scratch/out" "$scratch/demo"
    refused "$1" demo operand
    nothing_left
}
