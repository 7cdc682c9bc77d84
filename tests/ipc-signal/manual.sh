# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page signal
cd "$scratch" || exit 1
random_bytes 20000 >file
examples "$page" 8
sh -c "exec $(sed -n 1p examples)" >out 2>err &
catcher=$!
started $catcher
await grep -q 'kill -KILL' err
kill -USR1 $catcher
ended 0 $catcher
has out SIGUSR1
sh -c "exec $(sed -n 2p examples)" 2>/dev/null &
consumer=$!
started $consumer
sh -c "$(sed -n 3p examples)" 2>/dev/null || fail "the producer"
ended 0 $consumer
same file copy
for lesson in 4 5 6 7 8; do
    run 0 sh -c "$(sed -n ${lesson}p examples)"
done
nothing_left
