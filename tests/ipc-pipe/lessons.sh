# stream, eof, capacity, sigpipe and deadlock: question, mistake, right way, answer; measured.
. "$SOURCE/tests/harness.sh"

for lesson in stream eof capacity sigpipe deadlock; do
    run 0 ipc-pipe $lesson
    narration "$scratch/out"
    head -n 1 "$scratch/out" >"$scratch/first"
    has "$scratch/first" '\?$'
    has "$scratch/out" '^-> .*mistake'
    has "$scratch/out" '^-> .*(right|PIPE_BUF)|whole or not at all'
    # each descriptor and each process is told of when it comes to be
    has "$scratch/out" 'pipe\(\) = \{[0-9]+ read, [0-9]+ write\}|O_NONBLOCK'
    for pid in $(grep -o 'waitpid([0-9]*)' "$scratch/out" | tr -dc '0-9\n'); do
        has "$scratch/out" "fork\(\) = $pid( |\$)"
        has "$scratch/out" "fork\(\) = 0   I am $pid( |\$)"
    done
    tail -n 1 "$scratch/out" >"$scratch/last"
    has "$scratch/last" '\.$'
    cp "$scratch/out" "$scratch/$lesson"
done
has "$scratch/stream" 'read\([0-9]+, 100\) = 11  "onetwothree"'
has "$scratch/eof" 'would hang'
has "$scratch/eof" 'read\([0-9]+\) = 0   end of file'
has "$scratch/sigpipe" 'killed by SIGPIPE'
has "$scratch/sigpipe" 'EPIPE'
has "$scratch/deadlock" 'write\(\) = -1   EBADF'
has "$scratch/deadlock" 'Bad file descriptor'
has "$scratch/deadlock" 'write\([0-9]+\) would hang: [0-9]+ sent'

# the capacity that the lesson measured is the one that dd finds
holds=$(sed -n '$s/^\([0-9]*\) bytes here.*/\1/p' "$scratch/capacity")
head -c $((holds + 1)) /dev/zero >"$scratch/more"
[ "$holds" -ge 4096 ] || fail "a capacity of $holds bytes"
has "$scratch/capacity" "EAGAIN: full with $holds bytes"
