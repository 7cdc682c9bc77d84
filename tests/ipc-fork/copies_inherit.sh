# SPDX-License-Identifier: MIT
# A COMMAND gets the signal mask and dispositions that we were given, and only descriptors 0, 1, 2.
. "$SOURCE/tests/harness.sh"

[ -r /proc/self/status ] || skip "no /proc to look with"
command -v perl >/dev/null || skip "no perl to block a signal with"

# shellcheck disable=SC2016
set -- perl -MPOSIX -e '$SIG{CHLD} = $SIG{INT} = "IGNORE"; $SIG{PIPE} = "DEFAULT";
    sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGUSR1)); exec @ARGV'
run 0 "$@" grep -E '^Sig(Blk|Ign)' /proc/self/status
cp "$scratch/out" "$scratch/wanted"
run 0 "$@" ipc-fork parent -n 1 -- grep -E '^Sig(Blk|Ign)' /proc/self/status
same "$scratch/out" "$scratch/wanted"

# 3 is ls's own
run 0 ipc-fork parent -n 1 -- ls /proc/self/fd 7<"$SOURCE/README.md" 9>"$scratch/open"
[ "$(tr '\n' ' ' <"$scratch/out")" = "0 1 2 3 " ] || fail "other descriptors: $(cat "$scratch/out")"

# closed standard descriptors: nothing of ours lands in their place
# shellcheck disable=SC2016
ipc-fork parent -n 1 -- sh -c 'ls -l /proc/self/fd >"$0"' "$scratch/open" <&- >&- 2>&-
for descriptor in 0 1 2; do
    [ "$descriptor" = 1 ] || has "$scratch/open" " $descriptor -> /dev/null$"
done
