#!/bin/sh
# SPDX-License-Identifier: MIT
# What does it cost? The benches of all nine in one table, sorted by round trip.
#
#   examples/compare.sh [--size SIZE] [--quick] [--csv | --markdown] [--plot FILE.svg]
#
# SIZE is that of a message (default 1K). --quick takes few round trips and few bytes. --csv prints
# the rows as the benches give them, --markdown a short table: a line for each kind of IPC, a column
# for each way of waiting. --plot draws the round trip over the size of a message, with gnuplot:
# asleep, on one processor and on two, and polling.
set -eu

usage() {
    echo "usage: ${0##*/} [--size SIZE] [--quick] [--csv | --markdown] [--plot FILE.svg]" >&2
    exit 2
}

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

size=1K quick='' csv='' markdown='' plot=''
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
    --markdown) markdown=yes ;;
    --help) sed -n '1d; /SPDX/d; /^set/q; s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) usage ;;
    esac
    shift
done
[ -z "$csv" ] || [ -z "$markdown" ] || usage

# Built beside the sources; or installed, and then below share/doc/ipc-demos/examples.
here=$(cd "$(dirname "$0")" && pwd)
PATH=${BINARIES:-${here%/*}/build:${here%/share/doc/*}/bin}:$PATH
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
    # neither the limit row of shm, nor the size of fork, which was a byte of memory more
    sed -e '/^mechanism,/d; /,memcpy,/d' -e 's/^\(fork,[^,]*,[^,]*,[^,]*,\)1,/\1,/' "$folder/new" >>"$rows"
    sed 's/^\(ipc-fork: fork,.*,\)1:/\1:/' "$folder/errors" >>"$folder/notes"
}

# shellcheck disable=SC2086 # $quick is a list of words
bench_all() { # FILE SIZE...
    file=$1
    shift
    for mechanism in pipe fifo msgqueue shm mmap socket; do
        bench "$file" "$mechanism" "$@" $quick
    done
}

# shellcheck disable=SC2086
{
    bench_all "$folder/rows" --size "$size"
    bench "$folder/rows" signal ${quick:+--count 500 --bytes 64K}
    bench "$folder/rows" semaphore ${quick:+--count 500}
    bench "$folder/rows" fork --size 1 ${quick:+--count 20}
}
if [ -n "$csv" ]; then
    ipc-pipe bench --csv --count 1 --bytes 1 --size 1 | sed -n 1p
    cat "$folder/rows"
elif [ -n "$markdown" ]; then
    awk -F, '
        function thousands(n, step) { n = step * int(n / step + 0.5); return n < 1000 ? n : sprintf("%d,%03d", n / 1000, n % 1000) }
        function cell(row) { return row in found ? found[row] : "–" }
        BEGIN { count = split("shm posix,mmap file,semaphore posix,pipe pipe,fifo fifo,signal sigqueue,msgqueue posix,msgqueue sysv,socket unix,socket udp,socket tcp,fork fork+exec", kinds, ",")
                print "| | asleep, one processor | asleep, two | polling, two | messages/s, one way |"
                print "|---|--:|--:|--:|--:|" }
        { kind = $1 " " $2; place = $4 == "free" ? "two" : $4
          found[kind, $3, place] = sprintf($7 < 9950 ? "%.1f" : "%.0f", $7 / 1000)
          if (place == "two" && $3 == "block" || !((kind, "rate") in found))
              found[kind, "rate"] = $12 < 1e6 ? thousands($12, $12 < 1e4 ? 100 : 1000) : sprintf("%.1f million", $12 / 1e6) }
        END { for (i = 1; i <= count; i++) {
                  kind = kinds[i]; split(kind, words, " ")
                  print "| " (words[1] == words[2] ? words[1] : kind) " | " cell(kind SUBSEP "block" SUBSEP "same") \
                      " | " cell(kind SUBSEP "block" SUBSEP "two") " | " cell(kind SUBSEP "spin" SUBSEP "two") \
                      " | " cell(kind SUBSEP "rate") " |" } }' "$folder/rows"
    grep 'not to be trusted' "$folder/notes" >&2 || true
else
    date +%Y-%m-%d
    ipc-pipe bench --count 1 --bytes 1 --size 1 | sed -n 1p
    echo
    echo '                                              round trip, us             one way'
    echo 'mechanism  variant       wait  cpus  bytes      p50      p99  messages/s    MiB/s'
    sort -t, -k7,7g "$folder/rows" | awk -F, -v notes="$folder/notes" '
        BEGIN { while ((getline line <notes) > 0) if (line ~ /not to be trusted/) {
            sub(/^[^:]*: /, "", line); sub(/:.*/, "", line); doubtful[line] = 1 } }
        { printf "%-10s %-13s %-5s %-4s %6s %8.2f %8s %11s %8s%s\n", $1, $2, $3, $4, $5, $7 / 1000,
            $9 == "" ? "" : sprintf("%.2f", $9 / 1000), $12, $13,
            doubtful[$1 "," $2 "," $3 "," $4 "," $5] ? " ~" : "" }'
    if grep -q 'not to be trusted' "$folder/notes"; then
        echo '~ not to be trusted: the machine did something else meanwhile'
    fi
    grep -v 'not to be trusted' "$folder/notes" || true
fi
[ -n "$plot" ] || exit 0

bench_all "$folder/sizes" --size 64 --size 256 --size 1K --size 4K --size 8K --size 16K --size 64K
# At most six curves a panel: FIFO lies where pipe does, mmap where shm does.
awk -F, -v folder="$folder" '
    BEGIN { split("shm posix,pipe pipe,msgqueue posix,socket unix,socket udp,socket tcp", shown, ",")
            for (i in shown) colour[shown[i]] = i }
    { name = $1 " " $2
      panel = $3 == "spin" ? "polling" : "sleeping"
      if (!(name in colour) || $7 == "" || (panel == "sleeping" && name !~ /^(shm|pipe|socket tcp)/)) next
      sub(/ (pipe|posix)$/, "", name); sub(/^socket /, "", name)
      line = panel == "sleeping" ? name ", " $4 : name
      if (!(line SUBSEP panel in file)) {
          file[line, panel] = folder "/line" ++lines
          print panel "\t" file[line, panel] "\t" line "\t" colour[$1 " " $2] "\t" ($4 == "same" ? 2 : 1)
      }
      print $5, $7 / 1000 >file[line, panel] }' "$folder/sizes" >"$folder/lines"
# panel NAME TITLE LEFT: its curves, from there on in the picture, and their names: beside their ends,
# moved apart, or for a curve that ends earlier above or below it, where there is most room.
panel() {
    awk -F '\t' -v panel="$1" -v title="$2" -v left="$3" -v range="$range" '
        function distance(a, b) { return a < b ? b - a : a - b }
        function least(a, b) { return a < b ? a : b }
        # room X, Y, WIDTH: how far the nearest curve or name is from a name with this middle
        function room(across, up, wide,    far, i, j, k, part) {
            far = 10 # is enough
            for (i = 1; i <= curves; i++) {
                for (j = 2; j <= points[i]; j++)
                    for (k = -2; k <= 2; k++) {
                        part = (across + k * wide / 4 - x[i, j - 1]) / (x[i, j] - x[i, j - 1])
                        if (part >= 0 && part <= 1)
                            far = least(far, distance(up, y[i, j - 1] + part * (y[i, j] - y[i, j - 1])))
                    }
                if ((i in name_x) && distance(across, name_x[i]) < 80)
                    far = least(far, distance(up, name_y[i]) - 8)
            }
            return far
        }
        function put(i, across, up) { name_x[i] = across; name_y[i] = up }
        BEGIN { size = 340; split(range, end, ":") }
        $1 == panel {
            text[++curves] = $3; colour[curves] = $4
            plot = plot (curves > 1 ? ", " : "plot ") sprintf("\"%s\" using 1:2 with linespoints linetype %d" \
                " dashtype %d pointtype 7 pointsize 0.5 notitle", $2, $4, $5)
            while ((getline row <$2) > 0) {
                split(row, at, " ")
                x[curves, ++points[curves]] = log(at[1] / 48) / log(65536 / 48) * size
                y[curves, points[curves]] = log(at[2] / end[1]) / log(end[2] / end[1]) * size
            }
            if (at[1] == 65536) put(curves, size + 8, y[curves, points[curves]])
        }
        END {
            if (!curves) exit
            for (turn = 0; turn < 100; turn++)
                for (i in name_x)
                    for (j in name_x)
                        if (name_y[i] >= name_y[j] && i != j && (lack = 16 - name_y[i] + name_y[j]) > 0) {
                            name_y[i] += lack / 2
                            name_y[j] -= lack / 2
                        }
            for (i = 1; i <= curves; i++) {
                best = -100
                wide = 8 * length(text[i])
                beside = i in name_x
                for (j = points[i]; j > 0 && !beside; j--)
                    for (off = 11; off < 24; off += 3)
                        for (way = -1; way <= 1; way += 2) {
                            across = x[i, j] < wide / 2 ? wide / 2 : x[i, j]
                            far = room(across, y[i, j] + way * off, wide)
                            if (far > best) { best = far; best_x = across; best_y = y[i, j] + way * off }
                        }
                if (!beside) put(i, best_x, best_y)
                printf "set label %d \"%s\" at graph %.3f,%.3f %s textcolor linetype %d\n", i, text[i],
                    name_x[i] / size, name_y[i] / size, beside ? "left" : "center", colour[i]
            }
            printf "set title \"%s\" textcolor rgb \"#808080\"\n", title
            printf "set lmargin at screen %g\nset rmargin at screen %g\n%s\nunset label\n", left, left + size / 1000, plot
        }' "$folder/lines"
}
# Both panels have the same scale. Colours of middle brightness on no background: readable on light
# and on dark.
range=$(cut -f 2 "$folder/lines" | xargs cat | awk '
    { if (NR == 1 || $2 < low) low = $2; if ($2 > high) high = $2 }
    END { print low * 0.8 ":" high * 1.25 }')
{
    cat <<END
set terminal svg size 1000,460 font "sans-serif,14"
set output "$plot"
set logscale xy
set xrange [48:65536]
set yrange [$range]
set xtics ("64" 64, "256" 256, "1K" 1024, "4K" 4096, "8K" 8192, "16K" 16384, "64K" 65536)
set ytics (0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
set tics textcolor rgb "#808080"
set border 3 linecolor rgb "#808080"
set tics nomirror
set grid linecolor rgb "#808080" linewidth 0.3
set linetype 1 linecolor rgb "#3b82f6" linewidth 2
set linetype 2 linecolor rgb "#d9730d" linewidth 2
set linetype 3 linecolor rgb "#2aa05a" linewidth 2
set linetype 4 linecolor rgb "#d64550" linewidth 2
set linetype 5 linecolor rgb "#a67c52" linewidth 2
set linetype 6 linecolor rgb "#9b6bd6" linewidth 2
set xlabel "bytes of a message" textcolor rgb "#808080"
set ylabel "round trip, microseconds" offset 0.5 textcolor rgb "#808080"
set tmargin at screen 0.9
set bmargin at screen 0.161
set multiplot
END
    panel sleeping 'Sleeping, on two processors or on the same (dashed)' 0.08
    echo 'unset ylabel'
    panel polling 'Polling, on two processors' 0.575
    echo 'unset multiplot'
} >"$folder/script"
gnuplot "$folder/script" || fail "gnuplot failed"
echo "drawn: $plot" >&2
