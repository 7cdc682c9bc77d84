# SPDX-License-Identifier: MIT
# compare.sh: a table of all nine, both waits, sorted by round trip; the plot, or why there is none.
# timeout: 300
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
has "$scratch/out" '^pipe .* block +(two|same|free) '
if [ "$(nproc)" -gt 1 ]; then
    has "$scratch/out" '^pipe .* spin +(two|free) '
fi
sed '1,/^mechanism/d' "$scratch/out" >"$scratch/rows"
awk '/not to be trusted|^ipc-/ { next }
     { for (i = 1; $i !~ /^[0-9]+\.[0-9]+$/; i++) ; if ($i + 0 < last + 0) { print "not sorted: " $0; bad = 1 } last = $i }
     END { exit bad }' "$scratch/rows" || fail "not sorted by round trip"
if [ $# -gt 0 ]; then
    has "$scratch/plot.svg" '<svg'
    for curve in 'pipe, ' 'tcp, ' 'shm, ' '>pipe<' '>unix<' '>udp<'; do
        case $(nproc)$curve in '1>'*) ;; *) has "$scratch/plot.svg" "$curve" ;; esac
    done
fi

run 2 "$SOURCE/examples/compare.sh" --sizes
run 2 "$SOURCE/examples/compare.sh" --csv --markdown

# README's table is what --markdown prints, figures apart
run 0 "$SOURCE/examples/compare.sh" --quick --markdown
sed -n '/^| | asleep/,/^$/p' "$SOURCE/README.md" | sed '/^$/d' | cut -d '|' -f 2 >"$scratch/shown"
cut -d '|' -f 2 "$scratch/out" >"$scratch/printed"
same "$scratch/shown" "$scratch/printed"
[ "$(wc -l <"$scratch/printed")" -eq 14 ] || fail "not twelve rows"
hasnt "$scratch/out" '\| – \| – \| – \|'
for name in pipe shm msgqueue unix udp tcp; do
    has "$SOURCE/examples/pictures/cost.svg" ">$name"
done
mkdir "$scratch/bin" # without gnuplot
for tool in sh dirname mktemp rm cat grep sed; do
    ln -s "$(command -v "$tool")" "$scratch/bin/$tool"
done
PATH=$scratch/bin run 1 "$SOURCE/examples/compare.sh" --plot "$scratch/plot.svg"
has "$scratch/err" gnuplot
