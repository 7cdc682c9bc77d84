#!/bin/sh
# SHA-256 of every file of a folder, by as many processes as there are processors.
#
#   examples/checksums.sh FOLDER [PROCESSES]
#
# ipc-fork starts the copies and says which of them failed; IPC_INDEX tells each its share.
set -eu
PATH=${BINARIES:-$(cd "$(dirname "$0")/.." && pwd)/build}:$PATH
folder=${1:?usage: checksums.sh FOLDER [PROCESSES]}
processes=${2:-$(getconf _NPROCESSORS_ONLN)}
export processes

cd "$folder"
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT
find . -type f | LC_ALL=C sort >"$parts/list"
export parts

# shellcheck disable=SC2016 # expanded by the copies
ipc-fork parent -q -n "$processes" -- sh -c '
    awk -v all="$processes" -v mine="$IPC_INDEX" "NR % all == mine" "$parts/list" |
        while IFS= read -r file; do
            sha256sum "$file" || exit 1
        done >"$parts/$IPC_INDEX"'
cat "$parts"/[0-9]* | LC_ALL=C sort -k 2
