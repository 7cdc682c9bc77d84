# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page semaphore
cd "$scratch" || exit 1
seq 1 20000 >file
ipc-semaphore producer --name "$name" file 2>err &
producer=$!
started $producer
await grep -q 'waiting for' err
# the names of POSIX semaphores are the whole system's: ours, so as not to meet those of others
sed "/ipc-semaphore \(sets\|crash\)/!s/^\(\.Dl .*ipc-semaphore [a-z]*\)/\1 --name $name/" "$page" >with_names
run_examples with_names 7
ended 0 $producer
same copy file
for index in 1 2 3 4 5 6 7 8; do
    gzip -dc "file.$index.gz" | cmp - file || fail "file.$index.gz"
done
nothing_left
