#!/bin/sh
# Compresses a file, and proves that what was written gives the file back, before it says so.
#
#   examples/squeeze.sh FILE
#
# ipc-pipe duplex feeds a co-process and takes its output at the same time, so that neither can
# block the other, and exits with its status: a failure of gzip is not lost as in a shell's pipe.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
file=${1:?usage: squeeze.sh FILE}

trap 'rm -f "$file.gz.part"' EXIT
ipc-pipe duplex -q "$file" -- gzip -9 -n >"$file.gz.part"
ipc-pipe duplex -q "$file.gz.part" -- gzip -d | cmp - "$file"
mv "$file.gz.part" "$file.gz"
ls -l "$file" "$file.gz"
