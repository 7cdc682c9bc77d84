# Completion offers what the help lists: roles, options, the choices of an option, and files where
# there is to be one.
. "$SOURCE/tests/harness.sh"

command -v bash >/dev/null || skip "no bash"
cat >"$scratch/complete" <<'END'
. "$1/ipc-demos.bash"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
current=${!#}
_ipc_demos "$1" "${current#=}" # bash itself splits words at =
[[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\n' "${COMPREPLY[@]}"
END
# offers TEXT WORD...: TEXT is what the last WORD may become, in that order
offers() {
    wanted=$1
    shift
    bash "$scratch/complete" "$BINARIES/completions" "$@" >"$scratch/out" || fail "'$*' fails"
    [ "$(xargs <"$scratch/out")" = "$wanted" ] || fail "'$*' is not completed to '$wanted'"
}

cd "$scratch" || exit 1
touch 'a file' another
for program in "$SOURCE"/src/ipc-*/ipc-*.c; do
    program=$(basename "$program" .c)
    offers "--help --version $(roles "$program" | xargs)" "$program" ''
    for role in $(roles "$program"); do
        offers "$("$program" "$role" --help | grep -o '^  .\{4\}--[a-z0-9]*' | cut -c7- | xargs)" \
            "$program" "$role" -
    done
done
offers 'demo deadlock' ipc-pipe de
offers '' ipc-pipe nonsense ''
offers 'sysv posix' ipc-shm producer --api ''
offers 'sysv posix' ipc-shm producer --api =
offers posix ipc-shm producer --api = p
offers spin ipc-pipe bench -n 5 --wait s
offers '' ipc-pipe bench -n ''
offers 'a file another' ipc-pipe producer a
offers 'a file another' ipc-pipe producer -q a
offers 'a file another' ipc-socket client --port 8080 a
offers 'a file another' ipc-mmap edit a
offers 'a file another' ipc-fifo consumer --path a
offers '' ipc-pipe producer file a
offers '' ipc-pipe eof a
offers 'a file another' ipc-pipe duplex -- gzip -9 a
bash "$scratch/complete" "$BINARIES/completions" ipc-semaphore run --slots 2 -- gzi >"$scratch/out"
has "$scratch/out" '^gzip$'

command -v zsh >/dev/null || skip "no zsh"
command -v tmux >/dev/null || skip "no tmux to type in"
terminal() {
    tmux -L "$name" -f /dev/null "$@"
}
shows() {
    terminal capture-pane -p >"$scratch/out" && grep -Eq -- "$1" "$scratch/out"
}
# types TEXT PATTERN: TEXT and a Tab make the screen show PATTERN
types() {
    terminal send-keys "$1" Tab
    await shows "$2"
    terminal send-keys C-c
    terminal send-keys -R C-l
    await shows '^ready% *$'
}
at_end 'terminal kill-server 2>/dev/null'
cat >"$scratch/.zshrc" <<END
PS1='ready%% '
unsetopt auto_menu
fpath=($BINARIES/completions \$fpath)
autoload -Uz compinit && compinit -D -u
END
terminal new-session -d -x 80 -y 24 "ZDOTDIR=$scratch HOME=$scratch zsh" || skip "tmux does not start"
await shows '^ready%'
types 'ipc-pipe ' '^capacity +-- how much fits until a writer must wait'
types 'ipc-pipe dup' '^ready% ipc-pipe duplex *$'
types 'ipc-shm producer --ap' '^ready% ipc-shm producer --api[ =]*$'
types 'ipc-shm producer --api p' '^ready% ipc-shm producer --api posix *$'
types 'ipc-shm producer --api=p' '^ready% ipc-shm producer --api=posix *$'
types 'ipc-pipe producer -' '^--verbose +-v +-- narrate each system call'
types 'ipc-pipe producer -q ano' '^ready% ipc-pipe producer -q another *$'
types 'ipc-fifo consumer --path ano' '^ready% ipc-fifo consumer --path another *$'
types 'ipc-pipe duplex -- gunzi' '^ready% ipc-pipe duplex -- gunzip *$'
