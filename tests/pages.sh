# shellcheck shell=sh
# What the tests of manual pages have in common.

# check_page MECHANISM: without fault, and every role that --help lists is in it.
check_page() {
    page=$SOURCE/src/ipc-$1/ipc-$1.1
    if command -v mandoc >/dev/null; then
        run 0 mandoc -Tlint -W warning "$page"
    fi
    for role in $("ipc-$1" --help | sed -n 's/^  \([a-z0-9]*\)  *[a-z].*/\1/p'); do
        has "$page" "^\.It Cm $role( |\$)"
    done
}

# run_examples PAGE COUNT: that many commands stand under EXAMPLES, and each exits 0.
run_examples() {
    sed -n 's/^\.Dl \$ //p' "$1" | sed 's/\\-/-/g' >examples
    [ "$(wc -l <examples)" -eq "$2" ] || fail "not $2 examples"
    while read -r example; do
        run 0 sh -c "$example" </dev/null
    done <examples
}
