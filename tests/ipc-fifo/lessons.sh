# open, persist and writers show what the kernel does, measured in that run.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-fifo open persist writers
for lesson in open persist writers; do
    has "$scratch/$lesson" '^-> the mistake'
    has "$scratch/$lesson" '^-> right'
done
has "$scratch/open" 'asleep [0-9]+ ms: for a writer'
has "$scratch/open" 'asleep [0-9]+ ms: for a reader'
has "$scratch/open" 'ENXIO'
has "$scratch/persist" 'mode 0640, size 0'
has "$scratch/persist" 'read\([0-9]+\) = 0   they are gone'
has "$scratch/writers" 'lines of 4096 bytes: [0-9]+ lines, 0 mixed'
has "$scratch/writers" 'lines of 4097 bytes: [0-9]+ lines, [1-9][0-9]* mixed'
# what a class pauses for is not sleep of the call
ipc-fifo open --pace 0.1 >"$scratch/paced" || fail "open with pauses"
sed '1,/^-> the mistake/d' "$scratch/paced" >"$scratch/never_sleeps"
has "$scratch/never_sleeps" 'ENXIO'
hasnt "$scratch/never_sleeps" 'asleep'
nothing_left
