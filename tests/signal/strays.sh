# Other signals that arrive meanwhile corrupt nothing and block nothing.
# serial
. "$SOURCE/tests/harness.sh"
command -v perl >/dev/null || skip "perl, which sends the strays, is not here"

random_bytes 600000 >"$scratch/file"
ipc-signal consumer -q --name "$name" >"$scratch/out" &
consumer=$!
started $consumer
ipc-signal producer -q --name "$name" "$scratch/file" &
producer=$!
started $producer
# the first real-time signal is what carries the data: kill() sends it without a value
number=$(kill -l RTMIN 2>/dev/null || perl -MPOSIX -e 'print POSIX::SIGRTMIN()')
perl -e '
    my ($number, @processes) = @ARGV;
    for (1 .. 400) {
        kill($_, @processes) for ("WINCH", "CONT", "USR1", "USR2", $number);
        select(undef, undef, undef, 0.0005);
    }' "$number" $consumer $producer
ended 0 $producer
ended 0 $consumer
same "$scratch/out" "$scratch/file"
nothing_left
