# SPDX-License-Identifier: MIT
# try.sh MECHANISM: each "Try it" of its manual page is true.
#
# An item under TRY IT names a source file (.Pa), a line that stands there once and what to change it
# into (.Dl, .Dl), a role (.Cm), and what its screen then shows, and did not show before (.Ql). Each is
# applied to a copy of the source; that one program is built, and run.
. "$SOURCE/tests/harness.sh"

mechanism=$1
program=ipc-$mechanism
page=$SOURCE/src/$program/$program.1
for part in CMakeLists.txt include src; do
    cp -R "$SOURCE/$part" "$scratch" || exit 1
done
cmake -S "$scratch" -B "$scratch/build" -DBUILD_TESTING=OFF -DCMAKE_BUILD_TYPE=Debug >"$scratch/out" ||
    fail "cmake"
build() {
    cmake --build "$scratch/build" --target "$program" -j2 >"$scratch/out" 2>&1 || fail "$1 does not build"
}
# shown ROLE: what it prints, one space for many; a change may also make it fail
shown() {
    timeout 20 "$scratch/build/$program" "$1" </dev/null 2>&1 | tr -s ' '
}
plain() {
    sed 's/\\&//g; s/\\-/-/g; s/\\e/\\/g'
}

awk '/^\.Sh/ { inside = /TRY IT/; next }
     !inside { next }
     /^\.It/ { item++ }
     /^\.(Pa|Dl|Cm|Ql) / { print item "\t" $0 }' "$page" | plain >"$scratch/items"
[ "$(cut -f1 "$scratch/items" | sort -u | wc -l)" -eq 3 ] || fail "not three items under TRY IT"
build "the unchanged source"
for item in 1 2 3; do
    grep "^$item	" "$scratch/items" | cut -f2- >"$scratch/item"
    file=$(sed -n 's/^\.Pa \([^ ]*\).*/\1/p' "$scratch/item")
    old=$(sed -n 's/^\.Dl //p' "$scratch/item" | head -n 1)
    new=$(sed -n 's/^\.Dl //p' "$scratch/item" | sed -n 2p)
    role=$(sed -n 's/^\.Cm \([a-z0-9]*\).*/\1/p' "$scratch/item")
    wanted=$(sed -n 's/^\.Ql "*\([^"]*[^". ]\)"*[ .]*$/\1/p' "$scratch/item")
    path=$scratch/src/$program/$file
    for part in "$old" "$new" "$role" "$wanted"; do
        [ -n "$part" ] || fail "item $item is incomplete"
    done
    [ "$(grep -cF -- "$old" "$path")" -eq 1 ] || fail "'$old' does not stand in $file once"
    ! shown "$role" | grep -qF -- "$wanted" || fail "$role shows '$wanted' without the change"
    cp "$path" "$scratch/unchanged"
    OLD=$old NEW=$new awk '(at = index($0, ENVIRON["OLD"])) {
        $0 = substr($0, 1, at - 1) ENVIRON["NEW"] substr($0, at + length(ENVIRON["OLD"])) }
        { print }' "$scratch/unchanged" >"$path"
    build "item $item"
    shown "$role" >"$scratch/screen"
    has "$scratch/screen" "$(printf '%s' "$wanted" | sed 's/[][\.*^$+?(){}|]/\\&/g')"
    cp "$scratch/unchanged" "$path"
    build "the unchanged source"
done
