# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch
# Two network namespaces with a link, as if they were machines: $here is 10.9.8.1, $there 10.9.8.2.

[ "$(id -u)" -eq 0 ] || skip 'making a network namespace needs root'
command -v ip >/dev/null || skip 'ip (iproute2) is not installed'
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
