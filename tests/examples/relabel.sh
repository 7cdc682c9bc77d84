# SPDX-License-Identifier: MIT
# relabel.sh changes the label of an image and no other byte; and no byte of what is no such image.
. "$SOURCE/tests/harness.sh"

relabel=$SOURCE/examples/relabel.sh
cd "$scratch" || exit 1

# descriptor TYPE TEXT: a volume descriptor, TEXT at its byte 40, and at byte 88 that of Joliet
descriptor() {
    printf "\\$1CD001\\001%33s%-32s%16s%%/E%1957s" '' "$2" '' ''
}
image() { # DESCRIPTOR...
    head -c 32768 /dev/zero
    for each in "$@"; do
        descriptor "${each%%:*}" "${each#*:}"
    done
    random_bytes 10000
}
unchanged() { # STATUS PATTERN FILE LABEL
    cp "$3" before
    run "$1" "$relabel" "$3" "$4"
    has err "$2"
    same "$3" before
}
# relabelled FILE: what it holds is what it held, but for 32 bytes
relabelled() {
    cp "$1" before
    run 0 "$relabel" "$1" BACKUPS_2026
    has out '^OLD_1 -> BACKUPS_2026$'
    { head -c 32808 before; printf '%-32s' BACKUPS_2026; tail -c +32841 before; } >expected
    same "$1" expected
}

image 001:OLD_1 000:BOOT 377:end >made
relabelled made
run 0 "$relabel" made ABCDEFGHIJKLMNOPQRSTUVWXYZ012345
has out '^BACKUPS_2026 -> ABCDEFGHIJKLMNOPQRSTUVWXYZ012345$'
# 100 GiB
truncate -s 107374182400 made
run 0 "$relabel" made X
[ "$(wc -c <made)" -eq 107374182400 ] || fail "the length changed"
rm made

image 001:OLD_1 002:JOLIET 377:end >joliet
unchanged 1 'is not changed: a Joliet descriptor' joliet NEW
image 001:OLD_1 002:OTHER 377:end | sed 's/%\/E/   /g' >other
unchanged 1 'is not changed: a supplementary descriptor' other NEW
image 001:OLD_1 >endless
unchanged 1 'have no end' endless NEW
image 001:OLD_1 | head -c 34816 >short
unchanged 1 'have no end' short NEW
image 000:BOOT 377:end >boot
unchanged 1 'no primary descriptor' boot NEW
image 001:OLD_1 007:new 377:end >unknown
unchanged 1 'an unknown type' unknown NEW
image "001:$(printf 'A\tB')" 377:end >tab
unchanged 1 'where the label should stand, there is "A\.B' tab NEW
random_bytes 100000 >random
unchanged 1 'random is not changed: it is no ISO 9660 image' random NEW
echo hello >text
unchanged 1 'no ISO 9660 image' text NEW
run 1 "$relabel" missing NEW
run 1 "$relabel" . NEW
image 001:OLD_1 377:end >label
unchanged 2 '^usage' label new

# what others make, and what others read
mkdir tree
echo hello >tree/file
if command -v xorriso >/dev/null; then
    make() { xorriso -as mkisofs "$@" tree >log 2>&1 || fail "xorriso: $(cat log)"; }
elif command -v genisoimage >/dev/null; then
    make() { genisoimage -quiet "$@" tree; }
else
    echo "neither xorriso nor genisoimage is installed: images of its own alone were tried"
    exit 0
fi
make -V OLD_1 -r -o real.iso
relabelled real.iso
if command -v isoinfo >/dev/null; then
    isoinfo -d -i real.iso | grep -qx 'Volume id: BACKUPS_2026' || fail "isoinfo reads another label"
fi
if command -v blkid >/dev/null; then
    [ "$(blkid -p -o value -s LABEL real.iso)" = BACKUPS_2026 ] || fail "blkid reads another label"
fi
make -V OLD_1 -J -o joliet.iso
unchanged 1 'a Joliet descriptor' joliet.iso NEW
if command -v xorriso >/dev/null; then
    make -V OLD_1 --md5 -o checked.iso
    unchanged 1 'a checksum \(of libisofs\)' checked.iso NEW
fi
if command -v genisoimage >/dev/null; then
    genisoimage -quiet -udf -V OLD_1 -o udf.iso tree
    unchanged 1 'a UDF file system' udf.iso NEW
fi
if command -v mke2fs >/dev/null; then # whose superblock has a checksum
    truncate -s 1M ext4
    mke2fs -q -t ext4 ext4 2>/dev/null
    unchanged 1 'no ISO 9660 image' ext4 NEW
fi
