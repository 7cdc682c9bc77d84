# compare.sh: a table of all nine, both waits, sorted by round trip; the plot, or why there is none.
# timeout: 120
. "$SOURCE/tests/harness.sh"

# a smaller run shows as much: the option that comes last is the one that counts
programs=$BINARIES
mkdir "$scratch/small"
for mechanism in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    case $mechanism in
    signal) fewer='--count 20 --bytes 1000' ;;
    semaphore | fork) fewer='--count 5' ;;
    *) fewer='--count 20 --bytes 64K' ;;
    esac
    printf '#!/bin/sh\nexec "%s" "$@" %s\n' "$programs/ipc-$mechanism" "$fewer" >"$scratch/small/ipc-$mechanism"
    chmod +x "$scratch/small/ipc-$mechanism"
done
export BINARIES="$scratch/small"

set --
if command -v gnuplot >/dev/null; then
    set -- --plot "$scratch/plot.svg"
fi
run 0 "$SOURCE/examples/compare.sh" --quick --size 256 "$@"
for mechanism in fork pipe fifo signal semaphore msgqueue shm mmap socket; do
    has "$scratch/out" "^$mechanism "
done
has "$scratch/out" '^pipe .* block '
has "$scratch/out" '^pipe .* spin '
sed '1,/^mechanism/d' "$scratch/out" >"$scratch/rows"
awk '$3 == "block" || $3 == "spin" { time = $5 ~ /^[0-9.]+$/ && $4 !~ /\./ ? $5 : $4
     if (time + 0 < last + 0) { print "not sorted: " $0; bad = 1 } last = time }
     END { exit bad }' "$scratch/rows" || fail "not sorted by round trip"
if [ $# -gt 0 ]; then
    has "$scratch/plot.svg" '<svg'
    has "$scratch/plot.svg" 'pipe, spin'
fi

run 2 "$SOURCE/examples/compare.sh" --sizes
mkdir "$scratch/bin" # without gnuplot
for tool in sh dirname mktemp rm cat grep sed; do
    ln -s "$(command -v "$tool")" "$scratch/bin/$tool"
done
PATH=$scratch/bin run 1 "$SOURCE/examples/compare.sh" --plot "$scratch/plot.svg"
has "$scratch/err" gnuplot
