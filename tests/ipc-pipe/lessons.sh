# SPDX-License-Identifier: MIT
# stream, eof, capacity, sigpipe, deadlock and shell: question, mistake, right way, answer; measured.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

lessons='stream eof capacity sigpipe deadlock shell'
# shellcheck disable=SC2086 # words
check_lessons ipc-pipe $lessons
for lesson in $lessons; do
    has "$scratch/$lesson" '^-> mistake: '
    has "$scratch/$lesson" '^-> right: '
    # sleeps have rows of their own, as many as the machine is busy
    [ "$(grep -vcE 'asleep|^ *\|? *ended$' "$scratch/$lesson")" -le 38 ] || fail "$lesson: over 40 rows"
    # each descriptor and each process is told of when it comes to be
    has "$scratch/$lesson" 'pipe\(\) = \{[0-9]+ read, [0-9]+ write\}'
    for pid in $(grep -o 'waitpid([0-9]*)' "$scratch/$lesson" | tr -dc '0-9\n'); do
        has "$scratch/$lesson" "fork\(\) = $pid( |\$)"
        has "$scratch/$lesson" "fork\(\) = 0   I am $pid( |\$)"
    done
done
[ "$(grep -vcE 'asleep|^ *ended$' "$scratch/shell")" -le 24 ] || fail "shell: over 24 rows"
has "$scratch/stream" 'read\([0-9]+, 100\) = 11  "onetwothree"'
has "$scratch/stream" 'does not read until all is written'
has "$scratch/sigpipe" 'killed by SIGPIPE'
has "$scratch/sigpipe" 'write\([0-9]+, "hello"\) = 5   nobody reads'
has "$scratch/sigpipe" 'write\([0-9]+, "hello"\) = -1  EPIPE'
has "$scratch/deadlock" 'write\([0-9]+, "hello"\) = -1  EBADF'
has "$scratch/deadlock" 'asleep [0-9]+ ms: a read would, too'
has "$scratch/deadlock" 'asleep [0-9]+ ms: a write would, too'
has "$scratch/deadlock" 'asleep [0-9]+ ms: it was full'

# either close() alone leaves the reader asleep: the writer's, and the reader's; with all it ends
sed '/^-> mistake: the writer has closed/,$d' "$scratch/eof" >"$scratch/one"
sed '1,/^-> mistake: the writer has closed/d' "$scratch/eof" >"$scratch/other"
has "$scratch/one" 'close\([0-9]+\)$'
for part in one other; do
    has "$scratch/$part" 'a read would, too'
done
hasnt "$scratch/one" 'end of file$'
has "$scratch/other" '= 0  end of file$'

# the capacity that the lesson measured is the one that it filled, in pages
holds=$(sed -n '$s/^\([0-9]*\) bytes here.*/\1/p' "$scratch/capacity")
[ "$holds" -ge 4096 ] || fail "a capacity of $holds bytes"
has "$scratch/capacity" "write\([0-9]+, 1 byte\) = 1, $holds times"
has "$scratch/capacity" "EAGAIN: full with $holds bytes"
has "$scratch/capacity" 'fcntl\([0-9]+, F_SETFL, O_NONBLOCK\)'
if on_linux; then
    page=$(getconf PAGESIZE)
    size=$((page / 2 + 1))
    has "$scratch/capacity" "write\([0-9]+, $size bytes\) = $size, $((holds / page)) times"
fi
has "$scratch/capacity" 'write\([0-9]+, 1 byte\) = -1  EAGAIN'
has "$scratch/capacity" 'pipe\(\) = -1  EMFILE'

# wc counts what ls lists, and not before the shell has closed its write end
mkdir "$scratch/folder"
touch "$scratch/folder/a" "$scratch/folder/b" "$scratch/folder/c"
cd "$scratch/folder" || exit 1
run 0 ipc-pipe shell
has "$scratch/out" 'waitpid\([0-9]+, WNOHANG\) = 0$'
grep -Eqx ' *3' "$scratch/out" || fail "wc did not count 3"
sed '/^-> right/,$d' "$scratch/out" >"$scratch/before"
! grep -Eqx ' *3' "$scratch/before" || fail "wc did not wait for the end of file"
nothing_left
