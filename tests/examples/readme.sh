# SPDX-License-Identifier: MIT
# Every command of README runs, and prints what README shows, numbers and times apart.
# timeout: 300
# serial
. "$SOURCE/tests/harness.sh"

# A block of README is a script: its lines after "$ ". What it is shown to print is looked for in
# what it prints; of a narration only its text, since its times and pids are never the same.
plain() {
    # where the system does not tell a client's pid, it is called by its address
    sed -e 's/the client .* died/the client died/' -e 's/0x[0-9a-f]*/N/g' -e 's/[0-9][0-9.]*[kM]*/N/g' -e 's/  */ /g' -e 's/ $//'
}
awk -v folder="$scratch" '
    /^```console$/ { inside = 1; blocks++; next }
    /^```$/ { inside = 0 }
    inside && /^\$ / { print substr($0, 3) >(folder "/" blocks ".sh"); next }
    inside { print >(folder "/" blocks ".expected") }
    END { print blocks }' "$SOURCE/README.md" >"$scratch/blocks"

mkdir "$scratch/work"
cd "$scratch/work" || exit 1
ln -s "$SOURCE/examples" examples
random_bytes 1000000 >file
block=0
while [ "$block" -lt "$(cat "$scratch/blocks")" ]; do
    block=$((block + 1))
    sh "$scratch/$block.sh" >"$scratch/out" 2>&1 </dev/null ||
        fail "block $block: $(cat "$scratch/$block.sh")"
    [ -s "$scratch/$block.expected" ] || continue
    plain <"$scratch/out" >"$scratch/plain"
    grep -vE '^ *[0-9]+\.[0-9]+ |^ {8}|^ +\.\.\.$' "$scratch/$block.expected" | plain |
        while IFS= read -r line; do
            grep -qxF -- "$line" "$scratch/plain" || {
                echo "block $block does not print: $line" >&2
                exit 1
            }
        done || fail "of $(cat "$scratch/$block.sh")"
done
nothing_left
