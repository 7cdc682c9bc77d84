# demo, types, persist, full and key show what the kernel does, and leave nothing.
. "$SOURCE/tests/harness.sh"

run 0 ipc-msgqueue demo
narration "$scratch/out"
has "$scratch/out" '"end" was data|"end"'
has "$scratch/out" 'slept [0-9]+ ms: the queue was empty'
has "$scratch/out" 'IPC_RMID'
for lesson in types persist full key; do
    run 0 ipc-msgqueue $lesson
    narration "$scratch/out"
    head -n 1 "$scratch/out" >"$scratch/first"
    has "$scratch/first" '\?$'
    tail -n 1 "$scratch/out" >"$scratch/last"
    has "$scratch/last" '\.$'
    cp "$scratch/out" "$scratch/$lesson"
done
has "$scratch/types" 'msgrcv\(-2\) = type 1 "third"'
has "$scratch/types" 'E2BIG'
has "$scratch/persist" 'EIDRM'
has "$scratch/persist" '3 messages are lost'
has "$scratch/full" 'EAGAIN'
has "$scratch/full" 'slept [0-9]+ ms'

# the parts of the key, and two ids that collide
touch "$scratch/file"
run 0 ipc-msgqueue key "$scratch/file" 65
has "$scratch/out" 'ftok\(.*, 321\) = 0x[0-9a-f]+   the same key'
key=$(ipc-msgqueue key -q "$scratch/file" 65)
[ "$key" = "$(ipc-msgqueue key -q "$scratch/file" 321)" ] || fail "65 and 321 differ"
case $key in 0x41*) ;; *) fail "the id is not in the key $key" ;; esac
run 1 ipc-msgqueue key "$scratch/missing"
nothing_left

# no line ends with blanks; the longest of ids still fits
hasnt "$scratch/types" ' $'
run 0 ipc-msgqueue key . 2147483647
narration "$scratch/out"
run 2 ipc-msgqueue key -q --pace 1

# a child that somebody kills is noticed: no side waits for ever
# the process that looks for leaks at the end is a child, too, and is not to be killed
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
for lesson in full persist; do
    ipc-msgqueue $lesson --pace 0.1 >"$scratch/out" 2>"$scratch/err" &
    parent=$!
    started $parent
    while living $parent; do # one may have ended by itself just before
        pgrep -P $parent | xargs kill -KILL 2>/dev/null
    done
    ended 3 $parent
    has "$scratch/err" '\(pid [0-9]+\) died'
done
