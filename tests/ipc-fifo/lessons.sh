# demo, open, persist, writers: what they show was measured, within 80 columns, and nothing is left.
. "$SOURCE/tests/harness.sh"

run 0 ipc-fifo demo
narration "$scratch/out"
has "$scratch/out" 'prw-r--r-- size 0'
has "$scratch/out" 'hello, user2'
has "$scratch/out" 'slept [0-9]+ ms: no reader yet'
for lesson in open persist writers; do
    run 0 ipc-fifo $lesson
    narration "$scratch/out"
    head -n 1 "$scratch/out" >"$scratch/first"
    has "$scratch/first" '\?$'
    has "$scratch/out" '^-> the mistake'
    has "$scratch/out" '^-> right'
    tail -n 1 "$scratch/out" >"$scratch/last"
    has "$scratch/last" '\.$'
    cp "$scratch/out" "$scratch/$lesson"
done
has "$scratch/open" 'slept [0-9]+ ms: for a writer'
has "$scratch/open" 'slept [0-9]+ ms: for a reader'
has "$scratch/open" 'ENXIO'
has "$scratch/persist" 'mode 0640, size 0'
has "$scratch/persist" 'read\([0-9]+\) = 0   they are gone'
has "$scratch/writers" 'lines of 4096 bytes: [0-9]+ lines, 0 mixed'
has "$scratch/writers" 'lines of 4097 bytes: [0-9]+ lines, [1-9][0-9]* mixed'
# what a class pauses for is not sleep of the call
ipc-fifo open --pace 0.1 >"$scratch/paced" || fail "open with pauses"
sed '1,/^-> the mistake/d' "$scratch/paced" >"$scratch/never_sleeps"
has "$scratch/never_sleeps" 'ENXIO'
hasnt "$scratch/never_sleeps" 'slept'
nothing_left
