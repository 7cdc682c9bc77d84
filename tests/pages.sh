# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the tests of manual pages have in common.

# check_page MECHANISM: without fault, and every role that --help lists is in it.
check_page() {
    page=$SOURCE/src/ipc-$1/ipc-$1.1
    if command -v mandoc >/dev/null; then
        run 0 mandoc -Tlint -W warning "$page"
    fi
    for role in $(roles "ipc-$1"); do
        has "$page" "^\.It Cm $role( |\$)"
    done
}

# run_examples PAGE COUNT: that many commands stand under EXAMPLES, and each exits 0.
run_examples() {
    examples "$1" "$2"
    while read -r example; do
        run 0 sh -c "$example" </dev/null
    done <examples
}

# examples PAGE COUNT: writes them, a command a line, into the file of that name.
examples() {
    sed -n 's/^\(\.Dl \)\{0,1\}\$ //p' "$1" | sed 's/\\&//g; s/\\-/-/g' >examples
    [ "$(wc -l <examples)" -eq "$2" ] || fail "not $2 examples"
}
