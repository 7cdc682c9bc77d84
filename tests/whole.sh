# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch, $SOURCE
# What an installation is.

# whole PREFIX DOCUMENT...: everything is there, and works without the source
whole() {
    (
        unset BINARIES
        PATH=$1/bin:$PATH
        for program in "$SOURCE"/src/ipc-*/ipc-*.c; do
            program=$(basename "$program" .c)
            [ "$(command -v "$program")" = "$1/bin/$program" ] || fail "no $program below $1"
            run 0 "$program" --version
            set -- "$@" "share/man/man1/$program.1" "share/bash-completion/completions/$program"
        done
        prefix=$1
        shift
        for file in share/man/man7/ipc-demos.7 share/zsh/site-functions/_ipc-demos \
            share/doc/ipc-demos/README.md "$@"; do
            [ -s "$prefix/$file" ] || [ -s "$prefix/$file.gz" ] || fail "no $file below $prefix"
        done
        for example in "$SOURCE"/examples/*; do
            diff -r "$example" "$prefix/share/doc/ipc-demos/examples/${example##*/}" || fail "$example is another there"
        done
        run 0 ipc-pipe parent
        run 0 env PATH=/usr/bin:/bin "$prefix/share/doc/ipc-demos/examples/checksums.sh" "$prefix/bin"
        has "$scratch/out" ipc-pipe
    ) || exit 1
}
