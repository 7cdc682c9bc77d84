# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch and $SOURCE
# Programs with something preloaded that makes the system behave as it rarely does: shim.c.

# load_shim PROGRAM: what shimmed runs from now on, or the test is skipped.
load_shim() {
    [ -z "${SANITIZE:-}" ] || skip "the sanitizers want to be loaded first"
    cc -shared -fPIC -o "$scratch/shim.so" "$SOURCE/tests/shim.c" 2>"$scratch/err" || skip "cc cannot make it"
    LD_PRELOAD=$scratch/shim.so SHIM_LOADED=$scratch/loaded "$1" --version >"$scratch/out" 2>&1
    [ -e "$scratch/loaded" ] || skip "nothing can be preloaded into this build"
}
# shimmed VARIABLE=VALUE... COMMAND...
shimmed() {
    env LD_PRELOAD="$scratch/shim.so" "$@"
}

# makes_and_dies STATUS CALL PROGRAM ROLE...: killed as soon as CALL has made an object, whose id or
# name is $made then. After the next run of a role that notes what it makes, it is gone.
makes_and_dies() {
    wanted=$1
    call=$2
    shift 2
    rm -f "$scratch/made"
    run "$wanted" shimmed SHIM_KILL="$call" SHIM_MADE="$scratch/made" "$@"
    made=$(cat "$scratch/made") || fail "$call was not called"
    [ "$wanted" -ne 137 ] || run 0 "$1" "$next_role"
    case $call in
    shmget) ! ipcs -m | awk -v id="$made" '$2 == id { exit 1 }' || made= ;;
    msgget) ! ipcs -q | awk -v id="$made" '$2 == id { exit 1 }' || made= ;;
    shm_open) [ -e "/dev/shm$made" ] || made= ;;
    mq_open) ipc-msgqueue stat --api posix --name "${made##*-msgqueue-}" >/dev/null 2>&1 || made= ;;
    esac
    [ -z "$made" ] || fail "$*: $call left $made"
    nothing_left
}
