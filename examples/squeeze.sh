#!/bin/sh
# SPDX-License-Identifier: MIT
# Compresses a file to FILE.gz, after it has proved that what was written gives the file back.
#
#   examples/squeeze.sh FILE
#
# ipc-pipe duplex feeds a co-process and takes its output at the same time, so that neither can
# block the other, and exits with its status: a failure of gzip is not lost as in a shell's pipe.
# FILE stays; a FILE.gz that exists is not touched.
. "$(dirname "$0")/common.sh"
[ $# -eq 1 ] || usage
case $1 in '' | -*) usage ;; esac
[ ! -e "$1.gz" ] || fail "$1.gz exists"
[ ! -e "$1.gz.part" ] || fail "$1.gz.part exists: remove it, unless somebody writes it now"
own_group "$@"

trap 'rm -f "$1.gz.part"' EXIT
trap 'exit 143' TERM
ipc-pipe duplex -q "$1" -- gzip -9 -n >"$1.gz.part"
part ipc-pipe duplex -q "$1.gz.part" -- gzip -d | part cmp - "$1"
mv "$1.gz.part" "$1.gz"
ls -l "$1" "$1.gz"
