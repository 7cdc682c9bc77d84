# stream, eof, capacity, sigpipe and deadlock: question, mistake, right way, answer; measured.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-pipe stream eof capacity sigpipe deadlock
for lesson in stream eof capacity sigpipe deadlock; do
    has "$scratch/$lesson" '^-> .*mistake'
    has "$scratch/$lesson" '^-> .*(right|PIPE_BUF)|whole or not at all'
    # each descriptor and each process is told of when it comes to be
    has "$scratch/$lesson" 'pipe\(\) = \{[0-9]+ read, [0-9]+ write\}|O_NONBLOCK'
    for pid in $(grep -o 'waitpid([0-9]*)' "$scratch/$lesson" | tr -dc '0-9\n'); do
        has "$scratch/$lesson" "fork\(\) = $pid( |\$)"
        has "$scratch/$lesson" "fork\(\) = 0   I am $pid( |\$)"
    done
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
[ "$holds" -ge 4096 ] || fail "a capacity of $holds bytes"
has "$scratch/capacity" "EAGAIN: full with $holds bytes"
