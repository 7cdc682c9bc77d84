# SPDX-License-Identifier: MIT
# Whichever of a demo's or lesson's processes is killed, the other says so, exit 3, and nobody is left.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/child.sh"

for event in 'fork\(\)$' 'world #1"\)' '[0-9]+ bytes\)'; do
    kill_child ipc-pipe demo "$event"
done
for event in 'world #1"\)' 'world #2"\)'; do # later the child may have all, and end by itself
    kill_parent ipc-pipe demo "$event"
    has "$scratch/err" "\(pid $stepped\) died"
    [ "$(grep -c '= 0  end of file' "$scratch/out")" -le 1 ] || fail "it read on and on"
done
kill_child ipc-pipe stream 'write.*"two"'
kill_child ipc-pipe stream 'write.*x03two'
kill_child ipc-pipe eof
kill_child ipc-pipe eof 'another child'
kill_child ipc-pipe eof 'another child' 'write'
kill_child ipc-pipe eof 'another child' 'would, too'
kill_child ipc-pipe sigpipe
kill_child ipc-pipe deadlock
kill_child ipc-pipe deadlock '-> right: a pipe' '"2 \+ 2'
kill_child ipc-pipe deadlock '-> mistake: both' 'fork\(\)$'
kill_child ipc-pipe deadlock 'write\([0-9]+, [0-9]+ bytes\) = '
kill_child ipc-pipe shell
kill_child ipc-pipe shell 'execvp\("wc"'

# killed itself it leaves nobody, though a child has every end of the pipe open
kill_parent ipc-pipe eof 'fork\(\) = [0-9]+'
kill_parent ipc-pipe deadlock 'fork\(\) = [0-9]+'
