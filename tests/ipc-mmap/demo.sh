# SPDX-License-Identifier: MIT
# The demo: memory looked up by index, a store that read() sees, a write() that memory sees.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_demo ipc-mmap
has "$scratch/demo" "memory\[25\]: 'Z'"
has "$scratch/demo" 'memory\[62\]: out of range'
has "$scratch/demo" 'read\([0-9]+\) = 4  "\*BCD"'
has "$scratch/demo" "memory\[1\]: '#'"
has "$scratch/demo" '/proc/[0-9]+/maps'
