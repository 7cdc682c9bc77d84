# SPDX-License-Identifier: MIT
# What ipc-demos(7) says of tutorials: each statement, checked by the command that stands beside it.
. "$SOURCE/tests/harness.sh"

cd "$scratch" || exit 1
seq 1 1000 >file
# The rows of the table: a statement, then its commands, a line each.
sed -n '/^\.Sh WHAT TUTORIALS SAY/,/^\.El/p' "$SOURCE/src/ipc-demos.7" |
    sed -n 's/^\.It //p; s/^\.Dl /	/p' | sed 's/\\-/-/g' >rows
checked=0

# claim STATEMENT COMMAND PATTERN...: the row shows this command, which prints these.
claim() {
    statement=$1
    command=$2
    shift 2
    awk -v statement="$statement" '/^\t/ { if (inside) print substr($0, 2); next }
        { inside = $0 == statement }' rows | grep -qxF -- "$command" ||
        fail "the row '$statement' does not show '$command'"
    run 0 sh -c "$command" </dev/null
    cat out err >both
    for pattern in "$@"; do
        has both "$pattern"
    done
    checked=$((checked + 1))
}

claim 'fork returns 0' 'ipc-fork parent' 'fork\(\) = [1-9][0-9]* .*fork\(\) = 0'
claim "getpid is a thread's id" 'ipc-fork copy' 'thread -?[0-9]+: getpid' # -1: not on Linux
claim "an orphan's parent is 1" 'ipc-fork orphan' 'subreaper'
claim 'pipes join only parent and child' 'ipc-pipe producer -v file | ipc-pipe consumer -v > copy' 'pipe with inode'
[ "$(grep -o 'inode [0-9]*' both | sort -u | wc -l)" -eq 1 ] || fail "not the same inode"
claim 'either close(p[1]) alone ends the hang' 'ipc-pipe eof' 'the writer has closed; but the reader' \
    'asleep [0-9]+ ms: a read would, too' 'one alone is not enough'
claim 'a FIFO lasts while the system runs' 'ipc-fifo persist' 'the name stays$' \
    'read\([0-9]+\) = 0   they are gone'
claim 'a signal stops the operating system' 'ipc-signal group' 'handler ran in: \[1\] \[2\]$' 'ran: \[3\]$'
claim 'a semaphore is never 0' 'ipc-semaphore values' 'value 0$' 'one waits'
claim 'a binary semaphore has only 0 and 1' 'ipc-semaphore values' 'sem_getvalue\(s\) = 0   value 2'
claim 'a counting semaphore has no limit' 'ipc-semaphore values' 'SEM_VALUE_MAX' '= -1  EOVERFLOW'
claim 'a semaphore has two operations' 'ipc-semaphore values' 'sem_trywait' 'sem_timedwait' 'sem_getvalue'
claim 'sem_close destroys' 'ipc-semaphore persist' 'sem_close\(s\) = 0' 'sem_open\(name, O_CREAT, 0600, 5\) = s' \
    'sem_getvalue\(s\) = 0   value 0'
claim 'sem_unlink disconnects' 'ipc-semaphore persist' 'sem_unlink\(name\) = 0' 'sem_post\(old\) = 0' \
    'sem_getvalue\(old\) = 0   value 1'
claim 'ftok is id and inode' 'ipc-msgqueue key file 65' '8 bits of the device' '16 bits of the inode' 'the same key'
claim 'processes must share a key' 'ipc-msgqueue persist' 'needs no key: fork\(\) hands on the id'
claim 'a negative type takes any type up to N' 'ipc-msgqueue types' '-2, IPC_NOWAIT\) = 5  \{1, "third"\}'
claim 'IPC_RMID acts at once' 'ipc-msgqueue persist' '= -1  EIDRM'
claim 'IPC_RMID acts at once' 'ipc-shm attach' 'IPC_RMID\)   while it is attached' 'it works still'
claim "the segment is in its creator's memory" 'ipc-shm persist' 'shm_nattch 0' 'in it: "still here"'
claim 'shmget rounds to the nearest page' 'ipc-shm attach' 'shm_segsz 5000' 'rounded up to'
claim 'SHM_RND rounds to the nearest' 'ipc-shm attach' '= -1  EINVAL   odd' 'SHM_RND\) = 0x.*   rounded down'
claim 'shmat is read-only by default' 'ipc-shm attach' 'one may write' 'SHM_RDONLY' 'SIGSEGV'
claim 'sharers have one address space' 'ipc-shm attach' 'one memory, two addresses'
claim 'a reader that starts late waits for its flag' \
    'ipc-shm producer file & sleep 0.2; ipc-shm consumer > copy'
await cmp file copy
claim 'shared memory copies twice where a pipe copies four times' 'ipc-shm copies' \
    '^4 times over a pipe, 2 times over shared memory'
claim "protocol 0 is IP's number" 'ipc-socket demo' 'SOCK_STREAM, 0\)' '0: its default'
claim "INADDR_ANY is a server's address" 'ipc-socket demo' 'with INADDR_ANY every interface could'
claim 'backlog is the most connections' 'ipc-socket backlog' 'counts no more'
claim 'accept makes the connection' 'ipc-socket backlog' 'connect\([0-9]+\) = 0' 'sent before it was accepted'
claim 'a full backlog gives ECONNREFUSED' 'ipc-socket backlog' 'EINPROGRESS' 'EAGAIN' 'ECONNREFUSED'
if on_linux; then # elsewhere there may be no SO_REUSEPORT
    claim 'SO_REUSEADDR | SO_REUSEPORT sets both' 'ipc-socket reuse' 'SO_REUSEADDR\) = 0  value 0' \
        'SO_REUSEPORT\) = 0  value 1'
else
    checked=$((checked + 1))
fi
[ "$checked" -eq "$(grep -c '^	' rows)" ] || fail "the page has rows that nobody checks"

# README has six of them, with the same words and commands
awk '/^## What tutorials say/ { inside = 1 } /^## How/ { inside = 0 } inside && /^\|/' "$SOURCE/README.md" |
    sed -n '3,$p' | sed 's/\\|/;;/g' >six
[ "$(wc -l <six)" -eq 6 ] || fail "README has not six rows"
while IFS='|' read -r _ statement _ commands _; do
    statement=$(echo "$statement" | sed 's/^ //; s/ $//; s/;;/|/g')
    grep -qxF -- "$statement" rows || fail "ipc-demos(7) does not say '$statement'"
    # shellcheck disable=SC2016 # backticks of README
    echo "$commands" | grep -o '`[^`]*`' | tr -d '`' | sed 's/;;/|/g' | while IFS= read -r command; do
        grep -qxF -- "	$command" rows || fail "ipc-demos(7) does not show '$command'"
    done || exit 1
done <six
nothing_left
