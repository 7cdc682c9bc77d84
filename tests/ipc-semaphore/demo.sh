# The demo: the parent waits until the child has posted; a name that is closed stays until unlinked.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-semaphore
has "$scratch/demo" 'sem_post\(\)   value was 0'
awk '/I come first/ { first = 1 } /sem_wait\(\) = 0/ { if (!first) exit 1; seen = 1 } END { exit !seen }' \
    "$scratch/demo" || fail "the parent did not wait"
has "$scratch/demo" 'asleep [0-9]+ ms: the value was 0'
has "$scratch/demo" 'sem_open\(NAME\): it is there'
has "$scratch/demo" 'sem_open\(NAME\): ENOENT'
