# demo, coalesce, mask, restart and selfpipe show what the kernel does, measured in that run.
# serial
. "$SOURCE/tests/harness.sh"

run 0 ipc-signal demo
narration "$scratch/out"
for seen in 'killed by SIGUSR1' 'goes on as if nothing had come' 'handler: SIGUSR1 from [0-9]+' \
    'Invalid argument' 'killed by SIGKILL' 'stopped by SIGTSTP' 'SIGRTMIN from [0-9]+, value' '42'; do
    has "$scratch/out" "$seen"
done
# a class that follows slowly sees the same: the child waits for the signal, and for no time
ipc-signal demo --pace 0.1 >"$scratch/paced" || fail "the demo with pauses"
run 0 ipc-signal demo
for shown in "$scratch/out" "$scratch/paced"; do
    narration "$shown"
    sed 's/^ *[0-9.]*  //; s/[0-9][0-9]*/N/g; s/  slept N ms: it still ran//; /^ *slept/d' \
        "$shown" >"$shown.events"
done
same "$scratch/out.events" "$scratch/paced.events"
for lesson in coalesce mask restart selfpipe; do
    run 0 ipc-signal $lesson
    narration "$scratch/out"
    head -n 1 "$scratch/out" >"$scratch/first"
    has "$scratch/first" '\?$'
    has "$scratch/out" '^-> the mistake'
    has "$scratch/out" '^-> right'
    tail -n 1 "$scratch/out" >"$scratch/last"
    has "$scratch/last" '\.$'
    cp "$scratch/out" "$scratch/$lesson"
done
has "$scratch/coalesce" 'SIGUSR1\): 1 taken'
has "$scratch/coalesce" 'SIGRTMIN\): 1000 taken'
has "$scratch/coalesce" '1000 of them in order'
has "$scratch/mask" 'signals, [1-9][0-9]* saw'
has "$scratch/mask" 'signals, 0 saw'
has "$scratch/restart" 'read\(\) = -1  EINTR'
has "$scratch/restart" 'read\(\) = 4'
has "$scratch/selfpipe" 'would sleep on'
has "$scratch/selfpipe" '= 1   at once'
