#!/bin/sh
# SPDX-License-Identifier: MIT
# Changes the label of an ISO 9660 image (of a CD or DVD) of any size, in place, and shows it.
#
#   examples/relabel.sh IMAGE LABEL
#
# LABEL is 1 to 32 of the characters that the standard allows: A to Z, 0 to 9 and _. Only the pages
# that are looked at are mapped: an image of 100 GiB takes no longer than a small one. What is no such
# image, or has a second label or a checksum that would no longer fit, is refused and not touched.
. "$(dirname "$0")/common.sh"
[ $# -eq 2 ] || usage
image=$1 label=$2
case $image in '' | -*) usage ;; esac
case $label in
'' | *[!ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_]* | ?????????????????????????????????*) usage ;;
esac

refuse() {
    fail "$image is not changed: $*"
}
# bytes OFFSET LENGTH: as text, a dot for each byte that is none
bytes() {
    ipc-mmap view -q "$image" "$1" "$2" 2>/dev/null | LC_ALL=C tr -c ' -~' .
}

[ -f "$image" ] || refuse "it is no file"
ipc-mmap view -q "$image" 0 1 >/dev/null # says why it cannot be read
# Volume descriptors of 2,048 bytes: a type, "CD001", a version. The first is the primary one, and
# holds the label at its byte 40; the last has type 255.
at=32768
[ "$(bytes $((at + 1)) 5)" = CD001 ] || refuse "it is no ISO 9660 image"
[ "$(ipc-mmap view "$image" $at 1 | od -An -tu1 | tr -d ' ')" = 1 ] || refuse "it has no primary descriptor"
[ "$(bytes $((at + 883)) 10)" != 'ISO MD5SUM' ] || refuse "a checksum (ISO MD5SUM) covers the label"
while :; do
    at=$((at + 2048))
    [ "$(bytes $((at + 1)) 5)" = CD001 ] || refuse "its volume descriptors have no end"
    case $(ipc-mmap view "$image" $at 1 | od -An -tu1 | tr -d ' ') in
    255) break ;;
    0 | 3) ;; # boot record, partition: no label
    2)
        case $(bytes $((at + 88)) 3) in
        %/[@CE]) refuse "a Joliet descriptor holds a second label" ;;
        *) refuse "a supplementary descriptor holds a second label" ;;
        esac
        ;;
    *) refuse "it has a volume descriptor of an unknown type" ;;
    esac
done
case $(bytes $((at + 2048)) 32) in
.BEA01*) refuse "a UDF file system holds a second label" ;;
libisofs_*checksum*) refuse "a checksum (of libisofs) covers the label" ;;
esac

old=$(bytes 32808 32)
[ "$(ipc-mmap view "$image" 32808 32 | LC_ALL=C tr -d ' -~' | wc -c)" -eq 0 ] ||
    refuse "where the label should stand, there is \"$old\""
ipc-mmap edit "$image" 32808 "$(printf '%-32s' "$label")"
[ "$(bytes 32808 32)" = "$(printf '%-32s' "$label")" ] || fail "$image has another label than was written"
echo "$(printf %s "$old" | sed 's/ *$//') -> $label"
