# SPDX-License-Identifier: MIT
# Where a queue holds few bytes, or none (kernel.msgmnb), whoever cannot send says so: nobody sleeps
# for ever.
. "$SOURCE/tests/harness.sh"
unshare -i true 2>/dev/null || skip "no namespace of its own for System V objects"

# small BYTES STATUS COMMAND...: with so small queues
small() {
    bytes=$1
    wanted=$2
    shift 2
    # shellcheck disable=SC2016 # for the inner shell
    run "$wanted" timeout 30 unshare -i sh -c 'echo "$1" >/proc/sys/kernel/msgmnb && shift && exec "$@"' - "$bytes" "$@"
}
for bytes in 0 1 10; do
    for role in demo types persist; do
        small "$bytes" 1 ipc-msgqueue $role
    done
    small "$bytes" 1 ipc-msgqueue bench --wait block --count 5 --bytes 1K --size 64
    has "$scratch/err" msgmnb
    small "$bytes" 1 ipc-msgqueue demo
    has "$scratch/err" msgmnb
done
for bytes in 1 10; do
    # shellcheck disable=SC2016 # for the inner shell
    small "$bytes" 0 sh -c 'echo "a word" | ipc-msgqueue producer -q & ipc-msgqueue consumer -q && wait'
    [ "$(cat "$scratch/out")" = 'a word' ] || fail "the pair carried something else"
done
nothing_left
