# SPDX-License-Identifier: MIT
# Completion offers what the help lists: roles, options, the choices of an option, and files where
# there is to be one.
. "$SOURCE/tests/harness.sh"

command -v bash >/dev/null || skip "no bash"
# Reads "TEXT|WORD|...": TEXT is what the last WORD may become, in that order.
cat >"$scratch/complete" <<'END'
. "$1/ipc-demos.bash"
while IFS='|' read -r -a COMP_WORDS; do
    wanted=${COMP_WORDS[0]}
    COMP_WORDS=("${COMP_WORDS[@]:1}")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    current=${COMP_WORDS[COMP_CWORD]}
    [[ $current == . ]] && COMP_WORDS[COMP_CWORD]= current= # nothing is typed yet
    _ipc_demos "${COMP_WORDS[0]}" "${current#=}" # bash itself splits words at =
    [[ ${COMPREPLY[*]} == "$wanted" ]] || echo "${COMP_WORDS[*]} is completed to: ${COMPREPLY[*]}"
done
END

cd "$scratch" || exit 1
touch 'a file' another
{
    cat <<END
demo deadlock|ipc-pipe|de
|ipc-pipe|nonsense|.
sysv posix|ipc-shm|producer|--api|.
sysv posix|ipc-shm|producer|--api|=
posix|ipc-shm|producer|--api|=|p
spin|ipc-pipe|bench|-n|5|--wait|s
|ipc-pipe|bench|-n|.
a file another|ipc-pipe|producer|a
a file another|ipc-pipe|producer|-q|a
a file another|ipc-socket|client|--port|8080|a
a file another|ipc-mmap|edit|a
a file another|ipc-fifo|consumer|--path|a
|ipc-pipe|producer|file|a
|ipc-pipe|eof|a
a file another|ipc-pipe|duplex|--|gzip|-9|a
only-here|ipc-semaphore|run|--slots|2|--|only-h
END
    for program in "$SOURCE"/src/ipc-*/ipc-*.c; do
        program=$(basename "$program" .c)
        roles=$(roles "$program" | paste -sd ' ' -)
        echo "--help --version $roles|$program|."
        for role in $roles; do
            "$program" "$role" --help | sed -n 's/^  .\{4\}\(--[a-z0-9]*\).*/\1/p' | paste -sd ' ' - |
                sed "s/\$/|$program|$role|-/"
        done
    done
} >"$scratch/wanted"
[ "$(wc -l <"$scratch/wanted")" -gt 100 ] || fail "only a few roles"
PATH=$scratch/commands:$PATH
mkdir commands
touch commands/only-here
chmod +x commands/only-here
bash "$scratch/complete" "$BINARIES/completions" <"$scratch/wanted" >"$scratch/out"
[ ! -s "$scratch/out" ] || fail "bash offers something else"

command -v zsh >/dev/null || skip "no zsh"
command -v tmux >/dev/null || skip "no tmux to type in"
terminal() {
    tmux -L "$name" -f /dev/null "$@"
}
shows() {
    terminal capture-pane -p >"$scratch/out" && grep -Eq -- "$1" "$scratch/out"
}
empty() {
    terminal capture-pane -p | tr -d '\n ' | grep -qx ready%
}
# types TEXT PATTERN: TEXT and a Tab make the screen show PATTERN
types() {
    terminal send-keys "$1" Tab
    await shows "$2"
    terminal send-keys C-u C-l
    await empty
}
at_end 'terminal kill-server 2>/dev/null'
cat >"$scratch/.zshrc" <<END
PS1='ready%% '
unsetopt auto_menu
fpath=("$BINARIES/completions" \$fpath)
autoload -Uz compinit && compinit -D -u
END
terminal new-session -d -x 80 -y 24 "ZDOTDIR=$scratch HOME=$scratch zsh" || skip "tmux does not start"
await empty
types 'ipc-pipe ' '^capacity +-- how much fits until a writer must wait'
types 'ipc-pipe dup' '^ready% ipc-pipe duplex *$'
types 'ipc-shm producer --ap' '^ready% ipc-shm producer --api[ =]*$'
types 'ipc-shm producer --api p' '^ready% ipc-shm producer --api posix *$'
types 'ipc-shm producer --api=p' '^ready% ipc-shm producer --api=posix *$'
types 'ipc-pipe producer -' '^--verbose +-v +-- narrate each system call'
types 'ipc-pipe producer -q ano' '^ready% ipc-pipe producer -q another *$'
types 'ipc-fifo consumer --path ano' '^ready% ipc-fifo consumer --path another *$'
types 'ipc-pipe duplex -- only-h' '^ready% ipc-pipe duplex -- only-here *$'
