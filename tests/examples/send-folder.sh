# SPDX-License-Identifier: MIT
# send-folder.sh: the folder arrives whole, or it is an error at both ends.
# shellcheck disable=SC2016 # expanded by the commands
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/interrupt.sh"

send_folder=$SOURCE/examples/send-folder.sh
mkdir -p "$scratch/from/empty"
random_bytes 2000000 >"$scratch/from/file"
echo hello >"$scratch/from/text"
port=$((20000 + $$ % 10000))
"$send_folder" receive "$scratch/to" "$port" 2>"$scratch/receiver" &
receiver=$!
started "$receiver"
run 0 "$send_folder" send "$scratch/from" "$port"
ended 0 "$receiver"
has "$scratch/receiver" 'listening on 127.0.0.1:'
diff -r "$scratch/from" "$scratch/to" || fail "the copy differs"

# failing STATUS RECEIVER LINE: with a tar that does LINE first
failing() {
    command_is tar "$3" "exec $(command -v tar) \"\$@\""
    PATH=$scratch/bin:$PATH "$send_folder" receive "$scratch/half" "$port" 2>"$scratch/receiver" &
    receiver=$!
    started "$receiver"
    PATH=$scratch/bin:$PATH run "$1" "$send_folder" send "$scratch/from" "$port"
    ended "$2" "$receiver"
    nobody_left || fail "left: $left"
}
# it reads, and fails; what it has read by then is no folder
failing 7 3 'case $* in *-czf*) '"$(command -v tar)"' "$@" | head -c 1000000; exit 7 ;; esac'
has "$scratch/receiver" '^send-folder.sh: ipc-socket .*: exit status 3$'
# it writes, and fails: the end was not confirmed
failing 3 8 'case $* in *-xzf*) head -c 1000 >/dev/null; exit 8 ;; esac'

command_is tar ': >"$runs"' 'sleep 1000'
interrupted "$send_folder" send "$scratch/from" "$port"
interrupted "$send_folder" receive "$scratch/half" "$port"
