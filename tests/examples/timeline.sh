# SPDX-License-Identifier: MIT
# timeline.sh: two lifelines, a bar for each sleep, an arrow for each message and fork, and no other.
. "$SOURCE/tests/harness.sh"

timeline=$SOURCE/examples/timeline.sh
cd "$scratch" || exit 1

# xml FILE: it can be parsed
xml() {
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1" >&2
    elif command -v python3 >/dev/null; then
        python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$1" >&2
    fi || fail "$1 is no XML"
}
# counts FILE LIFELINES FORKS MESSAGES SLEEPS
counts() {
    xml "$1"
    has "$1" '^<svg .*viewBox'
    hasnt "$1" 'background|#000|#fff'
    found=$(for class in life fork message sleep; do grep -c "<[a-z].* class=\"$class\"" "$1"; done | tr '\n' ' ')
    [ "$found" = "$2 $3 $4 $5 " ] ||
        fail "$1: lifelines, forks, messages and sleeps are $found, not $2 $3 $4 $5"
}
# sleeps FILE: as many bars as the narration of that name tells of
sleeps() {
    grep -c 'asleep [0-9]* ms' "$1"
}

ipc-pipe parent >told
run 0 "$timeline" <told
counts out 2 1 3 "$(sleeps told)"
sed -n 's/.*asleep \([0-9]* ms\).*/\1/p' told >told.ms
sed -n 's/.* class="ms[ end]*">\(.*\)<\/text>/\1/p' out >out.ms
same told.ms out.ms
has out '>write\([0-9]+, "hello, world #1"\)<'
[ "$(grep -Ec '^<text.*class="why">it (was|ran)' out)" -eq "$(sleeps told)" ] || fail "not the reason of each sleep"
grep -Eo 'fork\(\) = [1-9][0-9]*|I am [0-9]+' told | while read -r line; do
    grep -qF "$line<" out || fail "not drawn: $line"
done || exit 1
run 0 "$timeline" ipc-pipe parent
counts out 2 1 3 "$(grep -c 'class="ms' out)"
has out '<title>ipc-pipe parent</title>'

# other bytes, another pid: no arrow; and what is no text of XML
sed 's/hello, world #2")/hello, <world> \&2")/; s/I am [0-9]*/I am 7/' told >other
run 0 "$timeline" <other
counts out 2 0 2 "$(sleeps told)"
has out 'hello, &lt;world&gt; &amp;2'

# both ways; names of files are no messages
ipc-fifo demo >told
run 0 "$timeline" <told
counts out 2 1 4 "$(sleeps told)"
# a question, an answer, and what one read took of three messages
ipc-pipe stream >told
run 0 "$timeline" <told
counts out 2 1 0 "$(sleeps told)"
grep -qF "<title>$(sed -n 1p told)</title>" out || fail "no question as the title"
for line in '^Three writes' '^One read took'; do
    text=$(grep -m 1 "$line" told)
    grep -qF ">$text</text>" out || fail "not drawn: $text"
done

ipc-fork demo >told
run 1 "$timeline" <told
has err '^timeline.sh: it has more than two processes'
[ ! -s out ] || fail "a part of a picture"
echo hello >told
run 1 "$timeline" <told
has err '^timeline.sh: it is no narration'
run 1 "$timeline" </dev/null
run 2 "$timeline" ipc-pipe perant
run 127 "$timeline" no-such-program

# README's pictures: each by the command that stands there
sed -n 's/^<!-- \(.*\) [^ ]* \(examples\/pictures\/.*\.svg\) -->$/\2 \1/p' "$SOURCE/README.md" >pictures
[ -s pictures ] || fail "README names no command for its pictures"
ln -s "$SOURCE/examples" examples
while read -r picture command; do
    grep -q "(${picture})" "$SOURCE/README.md" || fail "README does not show $picture"
    case $command in examples/timeline.sh*) ;; *) continue ;; esac
    run 0 sh -c "$command" </dev/null
    xml "$SOURCE/$picture"
    for class in life fork message; do # how often one sleeps may vary
        [ "$(grep -c "class=\"$class\"" out)" -eq "$(grep -c "class=\"$class\"" "$SOURCE/$picture")" ] ||
            fail "$picture has not as many of $class as '$command' gives"
    done
done <pictures
for picture in "$SOURCE"/examples/pictures/*.svg; do
    grep -q "^examples/pictures/${picture##*/} " pictures || fail "README does not say how $picture is made"
done
