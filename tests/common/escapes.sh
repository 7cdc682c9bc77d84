# SPDX-License-Identifier: MIT
# What an error line quotes cannot make a terminal do anything.
. "$SOURCE/tests/harness.sh"

escape=$(printf '\033[31m\007')
run 2 ipc-pipe "$escape"
has "$scratch/err" "unknown role '\?\[31m\?'"
run 2 ipc-pipe demo "--$escape"
hasnt "$scratch/err" "$(printf '\033')"
run 1 ipc-pipe parent "$scratch/$escape"
has "$scratch/err" 'open ".*/\?\[31m\?"'
