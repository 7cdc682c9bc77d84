# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# Two network namespaces with a link, as if they were machines: $here is 10.9.8.1, $there 10.9.8.2.

command -v ip >/dev/null || skip 'ip (iproute2) is not installed'
if [ "$(id -u)" -ne 0 ]; then # begins again as root of a user namespace
    prepare='mount -t tmpfs none /run && ip link set lo up'
    # shellcheck disable=SC2016 # expanded there
    unshare -rmn sh -c "$prepare" 2>/dev/null ||
        skip 'making a network namespace needs root, or the kernel refuses a user namespace'
    # shellcheck disable=SC2016 # expanded there
    unshare -rmn sh -c "$prepare"' && exec sh "$0"' "$0"
    exit
fi
here=ipc$$a there=ipc$$b
unmake() {
    ip netns del $here 2>/dev/null
    ip netns del $there 2>/dev/null
}
at_end unmake
ip netns add $here 2>"$scratch/err" || skip 'no network namespaces here'
ip netns add $there || fail 'a second network namespace'
ip link add veth0 netns $here type veth peer name veth0 netns $there || skip 'no veth here'
ip -n $here address add 10.9.8.1/24 dev veth0
ip -n $there address add 10.9.8.2/24 dev veth0
ip -n $here link set veth0 up
ip -n $there link set veth0 up
