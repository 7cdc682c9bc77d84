# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page mmap
cd "$scratch" || exit 1
random_bytes 200000 >file
ipc-mmap producer file 2>err &
producer=$!
started $producer
run_examples "$page" 6
ended 0 $producer
same copy file
[ "$(cat "$scratch/out")" = hello ] || fail "not what was edited"
nothing_left
