# SPDX-License-Identifier: MIT
# Packages hold what is installed, and another build in another folder makes the same, bit by bit.
# timeout: 300
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/whole.sh"

[ -z "$SANITIZE" ] || skip "nobody packages sanitizers"
compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$BINARIES/CMakeCache.txt")
export SOURCE_DATE_EPOCH=1700000000

# build FOLDER: a copy of the source in it, built, in FOLDER/build
build() {
    mkdir -p "$1" && for part in CMakeLists.txt LICENSE README.md examples include src; do
        cp -R "$SOURCE/$part" "$1" || fail "cp"
    done
    run 0 cmake -S "$1" -B "$1/build" -DBUILD_TESTING=OFF -DCMAKE_C_COMPILER="$compiler" \
        -DIPC_PORTABLE="${PORTABLE:-0}"
    run 0 cmake --build "$1/build" -j2
}
build "$scratch/one/source"
build "$scratch/another folder"
one=$scratch/one/source/build
another="$scratch/another folder/build"
for program in "$SOURCE"/src/ipc-*/ipc-*.c; do
    program=$(basename "$program" .c)
    same "$one/$program" "$another/$program"
    ! grep -qF "$scratch" "$one/$program" || fail "the path of the source is in $program"
done

kinds=TGZ
! command -v dpkg-shlibdeps >/dev/null || kinds='TGZ DEB'
for kind in $kinds; do
    for folder in "$one" "$another"; do
        cd "$folder" || exit 1
        run 0 cpack -G "$kind"
        ls ./*.deb ./*.tar.gz >"$scratch/packages" 2>/dev/null
    done
done
while read -r package; do
    same "$one/$package" "$another/$package"
    mkdir "$scratch/unpacked"
    case $package in
    *.deb)
        run 0 dpkg-deb -x "$package" "$scratch/unpacked"
        whole "$scratch/unpacked/usr" share/doc/ipc-demos/copyright share/doc/ipc-demos/changelog
        ;;
    *)
        run 0 tar -xzf "$package" -C "$scratch/unpacked"
        whole "$scratch/unpacked/$(ls "$scratch/unpacked")" share/doc/ipc-demos/LICENSE
        ;;
    esac
    rm -r "$scratch/unpacked"
done <"$scratch/packages"
[ -s "$scratch/packages" ] || fail "no package"
