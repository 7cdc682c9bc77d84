# stream, eof, capacity, sigpipe and deadlock: question, mistake, right way, answer; measured.
. "$SOURCE/tests/harness.sh"

for lesson in stream eof capacity sigpipe deadlock; do
    run 0 ipc-pipe $lesson
    narration "$scratch/out"
    head -n 1 "$scratch/out" >"$scratch/first"
    has "$scratch/first" '\?$'
    has "$scratch/out" '^-> .*mistake|onetwothree'
    has "$scratch/out" '^-> .*(right|PIPE_BUF)|whole or not at all'
    tail -n 1 "$scratch/out" >"$scratch/last"
    has "$scratch/last" '\.$'
    cp "$scratch/out" "$scratch/$lesson"
done
has "$scratch/stream" 'read\([0-9]+, 100\) = 11  "onetwothree"'
has "$scratch/eof" 'would hang'
has "$scratch/eof" 'read\([0-9]+\) = 0   end of file'
has "$scratch/sigpipe" 'killed by SIGPIPE'
has "$scratch/sigpipe" 'EPIPE'
has "$scratch/deadlock" 'Bad file descriptor|Bad file'
has "$scratch/deadlock" 'write\([0-9]+\) would hang: [0-9]+ sent'

# the capacity that the lesson measured is the one that dd finds
holds=$(sed -n '$s/^\([0-9]*\) bytes here.*/\1/p' "$scratch/capacity")
head -c $((holds + 1)) /dev/zero >"$scratch/more"
[ "$holds" -ge 4096 ] || fail "a capacity of $holds bytes"
has "$scratch/capacity" "EAGAIN: full with $holds bytes"
