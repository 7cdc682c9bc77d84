#!/bin/sh
# What does it cost? The benches of all nine in one table, sorted by round trip.
#
#   examples/compare.sh [--size SIZE] [--quick] [--csv] [--plot FILE.svg]
#
# SIZE is that of a message (default 1K). --quick takes few round trips and few bytes. --csv prints
# the rows as the benches give them. --plot draws round trip and throughput over the size of a
# message, with gnuplot.
set -eu

usage() {
    echo "usage: ${0##*/} [--size SIZE] [--quick] [--csv] [--plot FILE.svg]" >&2
    exit 2
}

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

size=1K quick='' csv='' plot=''
while [ $# -gt 0 ]; do
    case $1 in
    --size=*) size=${1#*=} ;;
    --plot=*) plot=${1#*=} ;;
    --size | --plot)
        [ $# -ge 2 ] || usage
        [ "$1" = --size ] && size=$2 || plot=$2
        shift
        ;;
    --quick) quick='--count 500 --bytes 1M' ;;
    --csv) csv=yes ;;
    --help) sed -n '1d; /SPDX/d; /^set/q; s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) usage ;;
    esac
    shift
done

# Built beside the sources, or installed.
PATH=${BINARIES:-$(dirname "$0")/../build}:$PATH
command -v ipc-pipe >/dev/null || fail "build first: cmake --workflow --preset demo"
[ -z "$plot" ] || command -v gnuplot >/dev/null || fail "--plot needs gnuplot, which is not installed"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# bench FILE MECHANISM OPTION...: adds the rows to FILE, without the head and without the rows that
# are only there to compare with. Status 1 is a size that cannot be carried: goes to the notes.
bench() {
    rows=$1
    mechanism=$2
    shift 2
    echo "measuring ipc-$mechanism $*" >&2
    status=0
    "ipc-$mechanism" bench --csv "$@" >"$folder/new" 2>"$folder/errors" || status=$?
    if [ "$status" -gt 1 ]; then
        cat "$folder/errors" >&2
        exit "$status"
    fi
    cat "$folder/errors" >>"$folder/notes"
    # neither the limit row of shm, nor the size of fork, which was a byte of memory more
    sed -e '/^mechanism,/d; /,memcpy,/d' -e 's/^\(fork,[^,]*,[^,]*,\)1,/\1,/' "$folder/new" >>"$rows"
}

# shellcheck disable=SC2086 # $quick is a list of words
bench_all() { # FILE SIZE
    for mechanism in pipe fifo msgqueue shm mmap socket; do
        bench "$1" "$mechanism" --size "$2" $quick
    done
}

# shellcheck disable=SC2086
{
    bench_all "$folder/rows" "$size"
    bench "$folder/rows" signal ${quick:+--count 500 --bytes 64K}
    bench "$folder/rows" semaphore ${quick:+--count 500}
    bench "$folder/rows" fork --size 1 ${quick:+--count 20}
}
if [ -n "$csv" ]; then
    ipc-pipe bench --csv --count 1 --bytes 1 --size 1 | sed -n 1p
    cat "$folder/rows"
else
    date +%Y-%m-%d
    ipc-pipe bench --count 1 --bytes 1 --size 1 | sed -n 1p
    echo
    echo '                                         round trip, us             one way'
    echo 'mechanism  variant       wait   bytes      p50      p99  messages/s    MiB/s'
    sort -t, -k6,6g "$folder/rows" | awk -F, '{
        printf "%-10s %-13s %-5s %6s %8.2f %8s %11s %8s\n", $1, $2, $3, $4, $6 / 1000,
            $8 == "" ? "" : sprintf("%.2f", $8 / 1000), $11, $12 }'
    cat "$folder/notes"
fi
[ -n "$plot" ] || exit 0

for each in 64 256 1K 4K 8K 16K 64K; do
    bench_all "$folder/sizes" "$each"
done
# A file and a title for each mechanism, variant and way of waiting; ways of waiting share a colour.
awk -F, -v folder="$folder" '
    $6 != "" && $12 != "" {
        name = $1 == $2 ? $1 : $1 " " $2
        line = name ", " $3
        if (!(name in colour)) colour[name] = ++colours
        if (!(line in file)) {
            file[line] = folder "/line" ++lines
            print file[line] "\t" line "\t" colour[name] "\t" ($3 == "spin" ? 1 : 2)
        }
        print $4, $6 / 1000, $12 >file[line]
    }' "$folder/sizes" >"$folder/lines"
curves() { # COLUMN
    awk -F '\t' -v column="$1" '
        { printf "%s \"%s\" using 1:%d with linespoints linecolor %d pointtype %d dashtype %d pointsize 0.6 title \"%s\"",
            (NR > 1 ? ", \\\n" : "plot"), $1, column, $3, $3 + 3, $4, $2 }
        END { print "" }' "$folder/lines"
}
round_trips=$(curves 2)
one_way=$(curves 3)
# Greys and colours of middle brightness on no background: readable on light and on dark.
gnuplot <<END || fail "gnuplot failed"
set terminal svg size 1000,1100 dynamic font "sans-serif,13"
set output "$plot"
set logscale xy
set xrange [48:90000]
set xtics ("64" 64, "256" 256, "1K" 1024, "4K" 4096, "8K" 8192, "16K" 16384, "64K" 65536)
set tics textcolor rgb "#808080"
set border linecolor rgb "#808080"
set grid linecolor rgb "#808080" linewidth 0.3
set key outside right top textcolor rgb "#808080"
set linetype 1 linecolor rgb "#3b82f6"
set linetype 2 linecolor rgb "#ef7d1a"
set linetype 3 linecolor rgb "#2aa05a"
set linetype 4 linecolor rgb "#d64550"
set linetype 5 linecolor rgb "#9b6bd6"
set linetype 6 linecolor rgb "#a67c52"
set linetype 7 linecolor rgb "#d65fb0"
set linetype 8 linecolor rgb "#17a2b8"
set linetype 9 linecolor rgb "#a3a017"
set linetype 10 linecolor rgb "#7f8c9b"
set linetype 11 linecolor rgb "#5f7fbf"
set xlabel "bytes of a message" textcolor rgb "#808080"
set multiplot layout 2,1
set title "Round trip between two processes, median" textcolor rgb "#808080"
set ylabel "microseconds" textcolor rgb "#808080"
$round_trips
set title "One way" textcolor rgb "#808080"
set ylabel "MiB/s" textcolor rgb "#808080"
$one_way
unset multiplot
END
echo "drawn: $plot" >&2
