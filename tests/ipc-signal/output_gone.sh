# SPDX-License-Identifier: MIT
# A full standard output is exit 1, and the other side then exits 3.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pair.sh"

output_gone ipc-signal ''
