#!/bin/sh
# SPDX-License-Identifier: MIT
# SHA-256 of every file of a folder, by as many processes as there are processors.
#
#   examples/checksums.sh FOLDER [PROCESSES]
#
# ipc-fork starts the copies; IPC_INDEX tells each its share. If one fails, nothing is printed.
. "$(dirname "$0")/common.sh"
[ $# -eq 1 ] || [ $# -eq 2 ] || usage
processes=${2-$(getconf _NPROCESSORS_ONLN)}
case $1 in '' | -*) usage ;; esac
counts "$processes" || usage
[ -d "$1" ] || fail "$1 is no folder"
own_group "$@"

cd "$1"
export folder processes
find . -type f >"$folder/files"
LC_ALL=C sort "$folder/files" >"$folder/list"
# shellcheck disable=SC2016 # expanded by the copies
ipc-fork parent -q -n "$processes" -- sh -c '
    awk -v all="$processes" -v mine="$IPC_INDEX" "NR % all == mine" "$folder/list" |
        while IFS= read -r file; do
            sha256sum "$file" || exit
        done >"$folder/$IPC_INDEX"'
cat "$folder"/[0-9]* | LC_ALL=C sort -k 2
