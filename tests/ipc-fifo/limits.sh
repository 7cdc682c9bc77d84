# SPDX-License-Identifier: MIT
# Few descriptors, a small limit of file sizes, a file system that is full or read-only: told, or the
# signal's death; nothing hangs, and nothing is left.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/limits.sh"

check_limits ipc-fifo demo persist 'consumer --timeout 0.05' 'user1 --timeout 0.05'
