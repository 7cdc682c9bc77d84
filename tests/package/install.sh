# SPDX-License-Identifier: MIT
# What is installed is whole, works where it is, and can be removed without a rest; and no program
# holds a path of the machine that built it.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/whole.sh"

# The component is everything; its name keeps the manifest of a real installation as it is.
install() { # PREFIX
    mkdir "$scratch/manifest"
    run 0 cmake --install "$BINARIES" --component Unspecified --prefix "$1"
    mv "$BINARIES/install_manifest_Unspecified.txt" "$scratch/manifest/install_manifest.txt" || fail "no manifest"
}
uninstall() {
    (cd "$scratch/manifest" && run 0 cmake -DPROGRAM=bin/ipc-pipe -P "$SOURCE/src/uninstall.cmake") || exit 1
    rmdir "$scratch/manifest" || fail "the manifest stays"
}

if ! grep -q '^CMAKE_BUILD_TYPE:STRING=Debug' "$BINARIES/CMakeCache.txt"; then
    for program in "$BINARIES"/ipc-*; do
        ! grep -qF "$SOURCE/" "$program" || fail "the path of the source is in $program"
    done
fi
version=$(sed -n 's/^project(ipc-demos VERSION \([0-9.]*\).*/\1/p' "$SOURCE/CMakeLists.txt")
install "$scratch/prefix"
whole "$scratch/prefix" share/doc/ipc-demos/LICENSE
has "$scratch/prefix/share/man/man1/ipc-pipe.1" "^\.Os ipc-demos $version\$"
run 0 "$scratch/prefix/bin/ipc-pipe" --version
has "$scratch/out" "^ipc-pipe $version\$"
uninstall
[ -z "$(find "$scratch/prefix" -mindepth 1)" ] || fail "left: $(find "$scratch/prefix")"

# somebody else's file stays
install "$scratch/prefix"
touch "$scratch/prefix/bin/other"
uninstall
[ "$(find "$scratch/prefix" -type f)" = "$scratch/prefix/bin/other" ] || fail "left: $(find "$scratch/prefix")"
