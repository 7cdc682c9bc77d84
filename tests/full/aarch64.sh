# SPDX-License-Identifier: MIT
# Another processor, emulated: every role's exit status, and the bytes of every pair.
# timeout: 1200
. "$SOURCE/tests/harness.sh"

for needed in clang ld.lld qemu-aarch64; do
    command -v $needed >/dev/null || skip "no $needed"
done
root=/usr/aarch64-linux-gnu
[ -e $root/include/stdio.h ] || skip "no C library for aarch64: libc6-dev-arm64-cross"

# The exceptions: what the emulator, and no processor, does. In qemu-user 7.2
#   signal   there is no SIGRTMAX, the signal of the timer that wakes whoever waits with a limit
#   limit    mq_timedsend() and mq_timedreceive() store into their time limit, which is constant here
cat >"$scratch/exceptions" <<'END'
signal ipc-fifo demo
signal ipc-fifo open
signal ipc-fifo writers
signal ipc-signal mask
signal ipc-signal group
signal ipc-semaphore demo
signal ipc-semaphore values
signal ipc-semaphore crash
signal ipc-semaphore producer
signal ipc-msgqueue demo
signal ipc-msgqueue persist
signal ipc-msgqueue full
signal ipc-msgqueue producer --api sysv
limit ipc-msgqueue producer --api posix
signal ipc-shm demo
signal ipc-shm race
signal ipc-shm order
signal ipc-socket demo
END
# excepted PROGRAM ROLE [OPTION...]: that one fails, and not for a fault of its own
excepted() {
    grep -qxE "(signal|limit) $*" "$scratch/exceptions"
}

build=$BINARIES/full-aarch64
run 0 cmake -S "$SOURCE" -B "$build" -DBUILD_TESTING=OFF -DIPC_WARNINGS_AS_ERRORS=ON -DCMAKE_SYSTEM_NAME=Linux \
    -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_C_COMPILER=clang -DCMAKE_C_COMPILER_TARGET=aarch64-linux-gnu \
    -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld
run 0 cmake --build "$build" -j2
mkdir "$scratch/bin"
for program in "$build"/ipc-*; do
    printf '#!/bin/sh\nexec qemu-aarch64 -L %s "%s" "$@"\n' $root "$program" >"$scratch/bin/${program##*/}"
done
chmod +x "$scratch"/bin/*
PATH=$scratch/bin:$PATH
run 0 ipc-pipe --version

head -c 300000 /dev/urandom >"$scratch/file"
head -c 5000 "$scratch/file" >"$scratch/little"
wrong=
# expect STATUS PROGRAM ARGUMENT...: goes on after a wrong one, so that all of them are told
expect() {
    wanted=$1
    shift
    got=0
    timeout 60 "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || got=$?
    if excepted "$@"; then
        echo "excepted: $*: exit $got"
    elif [ "$got" -ne "$wanted" ]; then
        echo "$*: exit $got, not $wanted" >&2
        tail -n 3 "$scratch/err" >&2
        wrong="$wrong; $*"
    fi
}
# pair PROGRAM FILE [OPTION...]
pair() {
    program=$1
    file=$2
    shift 2
    ! excepted "$program" producer "$@" && ! excepted "$program" producer || return 0
    timeout 60 "$program" consumer -q --name "$name" "$@" >"$scratch/copy" &
    timeout 60 "$program" producer -q --name "$name" "$@" "$file" || wrong="$wrong; $program producer $*"
    wait $! || wrong="$wrong; $program consumer $*"
    cmp "$file" "$scratch/copy" || wrong="$wrong; bytes of $program $*"
}

for program in "$scratch"/bin/*; do
    program=${program##*/}
    for role in $(roles "$program"); do
        expect 0 "$program" "$role" --help
        expect 2 "$program" "$role" --nonsense
    done
    for role in $("$program" --help | sed -n '/^understand it/,/^$/s/^  \([a-z0-9]*\)  .*/\1/p') demo; do
        case $program-$role in ipc-fork-demo | ipc-pipe-demo) role=parent ;; esac
        expect 0 "$program" "$role"
    done
done
for api in sysv posix; do
    pair ipc-shm "$scratch/file" --api $api
    pair ipc-semaphore "$scratch/file" --api $api
    pair ipc-msgqueue "$scratch/file" --api $api
done
pair ipc-fifo "$scratch/file"
pair ipc-signal "$scratch/little"
pair ipc-mmap "$scratch/file"
pair ipc-socket "$scratch/file" --unix
# shellcheck disable=SC2016 # for that shell to expand
run 0 sh -c 'ipc-pipe producer -q "$1" | ipc-pipe consumer -q' sh "$scratch/file"
same "$scratch/out" "$scratch/file"
[ -z "$wrong" ] || fail "wrong:${wrong#;}"
nothing_left
