# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page shm
cd "$scratch" || exit 1
random_bytes 200000 >file
ipc-shm producer file 2>err &
producer=$!
started $producer
await grep -q 'waiting for' err
run_examples "$page" 6
ended 0 $producer
same copy file
nothing_left
