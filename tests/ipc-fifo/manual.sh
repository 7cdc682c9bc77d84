# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page fifo
cd "$scratch" || exit 1
random_bytes 200000 >file
examples "$page" 8
while read -r one && read -r other; do
    sh -c "exec $one" </dev/null 2>err &
    first=$!
    started $first
    case $other in *'> fifo') await test -p fifo ;; esac
    run 0 sh -c "$other" </dev/null
    ended 0 $first
    case $one in *copy) same copy file ;; esac
    rm -f copy
done <examples
nothing_left
