# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page fork
cd "$scratch" || exit 1
for i in 0 1 2 3; do
    echo line >"log.$i"
done
examples "$page" 10
while read -r example; do
    run 0 sh -c "$example" </dev/null
    case $example in
    *pace*) has out '\[1\] exit status 1' ;;
    *parent) [ "$(tail -n 1 out)" = "all children have exited" ] || fail "no story" ;;
    *status*) [ "$(tail -n 1 out)" = 3 ] || fail "no status" ;;
    *child) [ "$(grep -c 'index' out)" -eq 3 ] || fail "not three children" ;;
    *wc*) [ "$(grep -c '^ *1 log\.[0-3]$' out)" -eq 4 ] || fail "not four counts" ;;
    *orphan*) has out '^The nearest subreaper .* here pid [0-9]+ \(' ;;
    *zombie*) has out '^Its pid and its exit status: a zombie' ;;
    *buffers*) has out '^fork\(\) copied the buffer' ;;
    *loop*) has out '^5 turns made 31 descendants' ;;
    *reap*) has out '^Once: signals do not queue\.' ;;
    *) fail "an example that nobody checks: $example" ;;
    esac
done <examples
