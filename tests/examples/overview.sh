# SPDX-License-Identifier: MIT
# ipc-demos(7) names all nine programs and what they have in common, and its examples work.
. "$SOURCE/tests/harness.sh"

page=$SOURCE/src/ipc-demos.7
if command -v mandoc >/dev/null; then
    run 0 mandoc -Tlint -W warning "$page"
fi
for program in "$SOURCE"/src/ipc-*/ipc-*.c; do
    program=$(basename "$program" .c)
    has "$page" "^\.It Xr $program 1\$"
    # what it says every program has; of fork the pair has other names
    for role in demo producer consumer bench; do
        case $program-$role in ipc-fork-producer) role=parent ;; ipc-fork-consumer) role=child ;; esac
        run 0 "$program" "$role" --help
    done
done

cd "$scratch" || exit 1
random_bytes 300000 >file
sed -n 's/^\.Dl \$ //p' "$page" | sed 's/\\-/-/g' >examples
[ "$(wc -l <examples)" -eq 4 ] || fail "the page has other examples than this test"
background=
while read -r example; do
    case $example in
    'ipc-shm consumer > copy') # in a terminal of its own
        sh -c "exec $example" 2>consumer </dev/null &
        background=$!
        started $background
        ;;
    *) run 0 sh -c "$example" </dev/null ;;
    esac
done <examples
ended 0 "$background"
same copy file
nothing_left
