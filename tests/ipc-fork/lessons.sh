# Every lesson begins with its question, ends with its answer, and shows the mistake and what is right.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_lessons ipc-fork orphan zombie copy buffers loop
for role in orphan zombie copy buffers loop; do
    has "$scratch/$role" '^-> the mistake: '
    has "$scratch/$role" '^-> (all have exited; )?right: '
done
