# coalesce, mask, restart and selfpipe show what the kernel does, measured in that run.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-signal coalesce mask restart selfpipe
for lesson in coalesce mask restart selfpipe; do
    has "$scratch/$lesson" '^-> the mistake'
    has "$scratch/$lesson" '^-> right'
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
