# SPDX-License-Identifier: MIT
# The bench: its rows; the limits of a datagram are named, losses counted; its end when the child dies.
# timeout: 180
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/bench.sh"

check_bench socket 'tcp udp unix' 8 64 4096
run 1 ipc-socket bench --csv --count 10 --bytes 200K --size 65508 --wait spin
has "$scratch/err" "size 65508: udp carries at most 65507 bytes in one message"
has "$scratch/out" "^socket,tcp,spin,(two|free),65508"
hasnt "$scratch/out" "^socket,udp"
# its number tells which datagrams are lost
run 1 ipc-socket bench --csv --count 10 --bytes 1K --size 4 --wait block
has "$scratch/err" "size 4: udp carries at least 8 bytes in one message"
has "$scratch/out" "^socket,unix,block,[a-z]+,4,10,"
hasnt "$scratch/out" "^socket,udp"
# more than the receiver holds: some may be lost, none is damaged
run 0 ipc-socket bench --csv --count 10 --bytes 300K --size 8 --wait block
run 0 ipc-socket bench --count 10 --bytes 20M --size 60000
check_ends socket
