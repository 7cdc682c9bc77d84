# Wrong use is exit 2, with the usage and the nearest right spelling; help is exit 0.
# shellcheck source=tests/harness.sh
. "$SOURCE/tests/harness.sh"

run 2 ipc-fork
has "$scratch/err" '^usage: ipc-fork ROLE'
run 2 ipc-fork zombi
has "$scratch/err" "^ipc-fork: unknown role 'zombi'; did you mean 'zombie'\?$"
run 2 ipc-fork parent --nummer 3
has "$scratch/err" "unknown option '--nummer'; did you mean '--number'\?$"
# an abbreviated name is no name
for abbreviated in --pac=1 '--pac 1' --hel; do
    # shellcheck disable=SC2086 # words
    run 2 ipc-fork demo $abbreviated
    has "$scratch/err" "unknown option '${abbreviated%%[= ]*}'; did you mean '--(pace|help)'"
done
for spelled in --pace=0 '--pace 0' '--pace=0 -n1' '-n 1 --pace 0' '-n1 --number 2'; do
    # shellcheck disable=SC2086 # words
    run 0 ipc-fork demo $spelled
done
for wrong in -1 10001 x 3x 1.5 '' 99999999999999999999; do
    run 2 ipc-fork parent -n "$wrong"
    has "$scratch/err" "^ipc-fork: parent: --number: '$wrong' is not a number from 0 to 10000$"
    [ ! -s "$scratch/out" ] || fail "something on standard output"
done
run 2 ipc-fork parent --pace 1 -- true
has "$scratch/err" '^ipc-fork: parent: --pace '
run 2 ipc-fork parent --pace 0 -- true
run 2 ipc-fork parent --quiet
run 2 ipc-fork parent true
has "$scratch/err" 'behind'
run 2 ipc-fork parent --
run 2 ipc-fork demo -- true
run 2 ipc-fork demo --pace x
for role in orphan zombie copy buffers loop; do
    run 2 ipc-fork $role -n 3
    run 2 ipc-fork $role operand
    run 0 ipc-fork $role --help
    has "$scratch/out" "^usage: ipc-fork $role "
    has "$scratch/out" '--pace SECONDS'
    run 0 ipc-fork $role
    has "$scratch/out" '^-> the mistake: '
    has "$scratch/out" '^-> (all have exited; )?right: '
done
run 0 ipc-fork --help
for role in demo parent child orphan zombie copy buffers loop; do
    has "$scratch/out" "^  $role "
done
run 0 ipc-fork --version
has "$scratch/out" '^ipc-fork [0-9]'
