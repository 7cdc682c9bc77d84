# SPDX-License-Identifier: MIT
# A call of a lesson fails: the lesson says so and ends, exit 1; nobody waits for what was not sent.
# Ctrl-C interrupts one: everybody dies by that.
. "$SOURCE/tests/harness.sh"

[ -f "$BINARIES/libipc-calls.so" ] || skip "needs glibc on x86-64, and no sanitizer"
ln -s "$BINARIES/libipc-calls.so" "$scratch/calls.so" # no blank may be in the path
EPIPE=32 ENETUNREACH=101 ENOTCONN=107 ECONNREFUSED=111
fails() {
    run 1 timeout 10 env LD_PRELOAD="$scratch/calls.so" IPC_FAIL="$2 $3" ipc-socket "$1"
    has "$scratch/err" "^ipc-socket: "
    nothing_left
}
fails backlog send $EPIPE
fails backlog connect $ENETUNREACH
fails halfclose send $EPIPE
fails halfclose connect $ECONNREFUSED
fails halfclose shutdown $ENOTCONN
fails pass send $EPIPE
fails pass sendmsg $EPIPE
fails demo connect $ECONNREFUSED

command -v perl >/dev/null || exit 0
EINTR=4
interrupted() {
    call=$1
    shift
    # shellcheck disable=SC2016 # Perl is to expand it
    run 130 timeout --foreground 10 perl -e '$SIG{INT} = "DEFAULT"; setpgrp; exec @ARGV' \
        env LD_PRELOAD="$scratch/calls.so" IPC_FAIL="$call $EINTR" ipc-socket "$@"
    nothing_left
}
if on_linux; then # elsewhere there may be no SO_REUSEPORT
    interrupted connect reuse
    interrupted accept reuse
fi
interrupted accept demo
interrupted recv halfclose
interrupted recvmsg pass
interrupted recv bench --size 64
interrupted connect backlog
