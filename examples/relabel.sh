#!/bin/sh
# Puts a label of sixteen bytes into a disk image of any size, in place, and shows it.
#
#   examples/relabel.sh IMAGE LABEL
#
# Only the page that holds the label is mapped: an image of 100 GiB takes no longer than a small one.
set -eu
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
image=${1:?usage: relabel.sh IMAGE LABEL}
label=${2:?usage: relabel.sh IMAGE LABEL}
offset=1144 # where ext4 keeps its volume's name: 0x78 bytes into the superblock at 1024

[ "${#label}" -le 16 ] || { echo "a label has at most 16 characters" >&2; exit 2; }
ipc-mmap edit "$image" "$offset" "$(printf '%-16s' "$label")"
ipc-mmap view "$image" "$offset" 16
echo
