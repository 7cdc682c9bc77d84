# SPDX-License-Identifier: MIT
# faults
# timeout: 150
# A machine that vanishes without a word is noticed, by whoever sends and by whoever waits; a peer
# that lives and does not read is waited for.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/serve.sh"
. "$SOURCE/tests/two_machines.sh"

# the one that does not read
serve consumer --port 0
stopped_one=$server
stopped_port=$port
random_bytes 20000000 >"$scratch/file"
kill -STOP "$stopped_one"
at_end "kill -CONT $stopped_one 2>/dev/null"
ipc-socket producer -q --port "$stopped_port" "$scratch/file" 2>"$scratch/patient" &
patient=$!
started $patient
began=$(date +%s)
mv "$scratch/copy" "$scratch/stopped_copy"

# pair I: consumer I here, producer I there; its input is descriptor 2 + I
pair() {
    mkfifo "$scratch/typed$1"
    rm -f "$scratch/server"
    ip netns exec "$here" "$BINARIES/ipc-socket" consumer --host 10.9.8.1 --port $((9000 + $1)) \
        >"$scratch/copy$1" 2>"$scratch/server" &
    eval "consumer$1=$!"
    started $!
    listens
    ip netns exec "$there" "$BINARIES/ipc-socket" producer --host 10.9.8.1 --port $((9000 + $1)) \
        <"$scratch/typed$1" 2>"$scratch/producer$1" &
    eval "producer$1=$!"
    started $!
}
pair 1
exec 3>"$scratch/typed1"
echo one >&3
mv "$scratch/server" "$scratch/consumer1"
pair 2
exec 4>"$scratch/typed2"
echo one >&4
mv "$scratch/server" "$scratch/consumer2"
await grep -q one "$scratch/copy1"
await grep -q one "$scratch/copy2"
ip -n "$here" link set veth0 down
vanished=$(date +%s)
echo two >&3 # the second pair says nothing more

# shellcheck disable=SC2154 # pair() sets them
for process in "$consumer1" "$consumer2" "$producer1" "$producer2"; do
    until over "$process"; do
        [ $(($(date +%s) - vanished)) -le 40 ] || fail 'after 40 s it has not been noticed'
        sleep 0.1
    done
    ended 3 "$process"
done
for who in consumer1 consumer2; do
    has "$scratch/$who" 'the client 10.9.8.2:[0-9]+ died: Connection timed out'
done
has "$scratch/producer1" 'the server 10.9.8.1:9001 died: it has not answered for 20 s'
has "$scratch/producer2" 'the server 10.9.8.1:9002 died: Connection timed out'

while [ $(($(date +%s) - began)) -lt 60 ]; do
    over $patient && fail 'the producer has given up a consumer that was stopped'
    sleep 0.1
done
kill -CONT "$stopped_one"
ended 0 "$patient"
ended 0 "$stopped_one"
same "$scratch/file" "$scratch/stopped_copy"
