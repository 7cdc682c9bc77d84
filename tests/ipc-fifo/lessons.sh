# SPDX-License-Identifier: MIT
# open, persist and writers show what the kernel does, measured in that run.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-fifo open persist writers
for lesson in open persist writers; do
    has "$scratch/$lesson" '^-> mistake: '
    has "$scratch/$lesson" '^-> right: '
    # sleeps have rows of their own, as many as the machine is busy
    [ "$(grep -vcE 'asleep|^ *\|? *ended$' "$scratch/$lesson")" -le 38 ] || fail "$lesson: over 40 rows"
done

# line PATTERN FILE: the number of its first line that matches
line() {
    grep -nE -- "$1" "$2" | head -n 1 | cut -d: -f1
}
# whoever comes first sleeps until the other's open(), and not after it
for second in 'no writer yet:O_WRONLY' 'no reader yet:O_RDONLY'; do
    has "$scratch/open" "asleep [0-9]+ ms: ${second%%:*}"
    [ "$(line "\\|  .*open\\(\"fifo\", ${second#*:}\\) = [0-9]" "$scratch/open")" -lt \
        "$(line "asleep [0-9]+ ms: ${second%%:*}" "$scratch/open")" ] || fail "the effect comes first"
done
has "$scratch/open" 'open\("fifo", O_WRONLY\|O_NONBLOCK\) = -1'
has "$scratch/open" 'ENXIO'
has "$scratch/open" 'open\("fifo", O_RDONLY\|O_NONBLOCK\) = [0-9]+'

has "$scratch/persist" 'open\("fifo", O_RDONLY\|O_NONBLOCK\) = [0-9]+'
has "$scratch/persist" 'mode 0640, size 0'
has "$scratch/persist" 'read\([0-9]+\) = 0   they are gone'
has "$scratch/persist" 'read\([0-9]+\) = 4096   this reader had it open'
has "$scratch/persist" 'stat\("fifo"\) = -1  ENOENT'

has "$scratch/writers" '\[[12]\] write\([0-9]+, 4096 bytes\), [0-9]+ times'
has "$scratch/writers" '\[[12]\] write\([0-9]+, 4097 bytes\), [0-9]+ times'
sed '1,/^-> right/d' "$scratch/writers" >"$scratch/fitting"
sed '/^-> right/,$d' "$scratch/writers" >"$scratch/longer"
has "$scratch/longer" '[0-9]+ lines, [1-9][0-9]* mixed'
[ "$(grep -cE '[0-9]+ lines, 0 mixed' "$scratch/fitting")" -eq 2 ] || fail "lines that fit have mixed"

# what a class pauses for is not sleep of the call
ipc-fifo open --pace 0.1 >"$scratch/paced" || fail "open with pauses"
sed '1,/^-> mistake/d' "$scratch/paced" >"$scratch/never_sleeps"
has "$scratch/never_sleeps" 'ENXIO'
hasnt "$scratch/never_sleeps" 'asleep [0-9]+ ms: no '
nothing_left
