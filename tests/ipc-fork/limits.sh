# SPDX-License-Identifier: MIT
# When fork fails half way it is reported, the children already there are reaped, and the exit is 1.
. "$SOURCE/tests/harness.sh"

# a user of our own, so that nobody else's processes count; the superuser has no limit
cp "$BINARIES/ipc-fork" "$scratch/ipc-fork" && chmod 755 "$scratch" "$scratch/ipc-fork" || exit 1
user=$((100000 + $$))
[ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null ||
    skip "no setpriv to become an ordinary user with"

# as_user N ARGUMENTS: ipc-fork with at most N processes; wants exit 1
# (dash calls that limit -p)
as_user() {
    limit=$1
    shift
    # shellcheck disable=SC2016,SC3045
    set -- sh -c '{ ulimit -u "$1" || ulimit -p "$1"; } 2>/dev/null; shift; exec "$@"' sh "$limit" "$scratch/ipc-fork" "$@"
    if [ "$(id -u)" -eq 0 ]; then
        set -- setpriv --reuid=$user --regid=$user --clear-groups "$@"
    fi
    run 1 "$@"
}
# --pace needs a thread besides, which lets one event through after the other
as_user 1 demo --pace 0.01
[ -n "$SANITIZE" ] ||
    has "$scratch/err" '^ipc-fork: pthread_create "--step or --pace": Resource temporarily unavailable$'
as_user 20 parent -n 50
has "$scratch/err" '^ipc-fork: fork: Resource temporarily unavailable$'
has "$scratch/err" 'ulimit -u'
has "$scratch/out" '^  *Resource temporarily'
[ "$(tail -n 1 "$scratch/out")" = "all children have exited" ] || fail "the last line is wrong"
made=$(grep -c '\] fork() = 0 ' "$scratch/out")
[ "$(grep -c '\[[0-9]*\] exit status' "$scratch/out")" -eq "$made" ] || fail "not all were reaped"
[ "$(id -u)" -ne 0 ] || [ "$made" -gt 5 ] || fail "only $made children with a limit of 20"
has "$scratch/err" "^ipc-fork: $made of 50 children were made$"

as_user 20 parent -n 50 -- true
has "$scratch/err" '^ipc-fork: fork: Resource temporarily unavailable$'
made=$(sed -n 's/^ipc-fork: \([0-9]*\) of 50 copies were started$/\1/p' "$scratch/err")
[ "$(grep -c ': exit status 0$' "$scratch/err")" -eq "$made" ] || fail "not all were reaped"

# in the tree of the loop, too, wherever it was: nobody is left
as_user 12 loop
has "$scratch/err" '^ipc-fork: fork: Resource temporarily unavailable$'
if [ "$(id -u)" -eq 0 ]; then
    await sh -c "! ps -A -o uid= | grep -qw $user"
fi
