# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-mmap
refused ipc-mmap producer --path x --name y
refused ipc-mmap producer --path ''
refused ipc-mmap producer a b
echo text >"$scratch/file"
refused ipc-mmap view "$scratch/file" 0
refused ipc-mmap view "$scratch/file" x 1
has "$scratch/err" "OFFSET: 'x'"
refused ipc-mmap view "$scratch/file" 0 99999999999999999999
refused ipc-mmap edit "$scratch/file" 0 ''
refused ipc-mmap edit -q "$scratch/file" 0 x
