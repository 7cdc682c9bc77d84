# What README says of tutorials: each claim, checked by the command that stands beside it.
. "$SOURCE/tests/harness.sh"

cd "$scratch" || exit 1
seq 1 1000 >file
# The commands of the table, a line each; a pipe is escaped there.
awk '/^## What tutorials say/ { inside = 1 } /^## How/ { inside = 0 } inside && /^\|/' "$SOURCE/README.md" |
    sed -n '3,$p' >rows
checked=0

# claim WORDS COMMAND PATTERN...: the row with these words shows this command, which prints these.
claim() {
    words=$1
    command=$2
    shift 2
    row=$(grep -F "$words" rows) || fail "README has no row '$words'"
    printf '%s\n' "$row" | sed 's/\\|/|/g' | grep -qF -- "\`$command\`" ||
        fail "the row '$words' does not show '$command'"
    run 0 sh -c "$command"
    cat out err >both
    for pattern in "$@"; do
        has both "$pattern"
    done
    checked=$((checked + 1))
}

claim 'fork returns 0' 'ipc-fork parent' 'fork\(\) = [1-9][0-9]* .*fork\(\) = 0'
claim "getpid is a thread's id" 'ipc-fork copy' 'thread -?[0-9]+: getpid' # -1: not on Linux
claim "an orphan's parent is 1" 'ipc-fork orphan' 'subreaper'
claim 'pipes join only' 'ipc-pipe producer -v file | ipc-pipe consumer -v' 'pipe with inode'
[ "$(grep -o 'inode [0-9]*' both | sort -u | wc -l)" -eq 1 ] || fail "not the same inode"
claim 'a semaphore is never 0' 'ipc-semaphore values' 'value 0( |$)' 'one waits'
claim 'sem_close destroys' 'ipc-semaphore persist' 'sem_close\(s\)' 'O_CREAT, 0600, 5\) = s' 'sem_getvalue\(s\) = 0   value 0'
claim 'ftok is id and inode' 'ipc-msgqueue key file 65' '8 bits of the device' '16 bits of the inode' 'the same key'
claim 'a negative type' 'ipc-msgqueue types' '-2, IPC_NOWAIT\) = 5  \{1, "third"\}'
claim 'IPC_RMID acts at once' 'ipc-msgqueue persist' '= -1  EIDRM'
claim 'IPC_RMID acts at once' 'ipc-shm attach' 'IPC_RMID\)   while it is attached' 'works still'
claim 'nearest page' 'ipc-shm attach' 'shm_segsz 5000' 'rounded up to'
claim 'shmat is read-only' 'ipc-shm attach' 'shmat\([0-9]+, NULL, 0\) = .*one may write' 'SHM_RDONLY' 'killed by SIGSEGV'
claim 'one address space' 'ipc-shm attach' 'one memory, two addresses'
claim 'full backlog' 'ipc-socket backlog' 'EINPROGRESS' 'EAGAIN' 'ECONNREFUSED'
if on_linux; then # elsewhere there may be no SO_REUSEPORT
    claim 'SO_REUSEADDR' 'ipc-socket reuse' 'SO_REUSEADDR\) = 0  value 0' 'SO_REUSEPORT\) = 0  value 1'
else
    checked=$((checked + 1))
fi
claim 'copies twice' 'ipc-shm copies' 'copied 4\.0 times' 'copied 2\.0 times'
[ "$checked" -eq $(($(wc -l <rows) + 1)) ] || fail "README has rows that nobody checks"
nothing_left
