#!/bin/sh
# Draws what a demo or a lesson of two processes tells as a picture: an SVG on standard output.
#
#   examples/timeline.sh COMMAND [ARG]... > PICTURE.svg
#   examples/timeline.sh < NARRATION > PICTURE.svg
#
# COMMAND is such as `ipc-pipe parent`, and is what is drawn if standard input is a terminal, too. A
# lifeline is a process, a bar a sleep. An arrow goes from a process to the other only where both tell
# of the same bytes, or of the same pid. It is readable on light and on dark.
. "$(dirname "$0")/common.sh"
case ${1-x} in '' | -*) usage ;; esac
[ $# -gt 0 ] || ! [ -t 0 ] || set -- ipc-pipe parent
if [ $# -gt 0 ]; then
    narration=$("$@" </dev/null)
else
    narration=$(cat)
fi

printf '%s\n' "$narration" | LC_ALL=C awk -v title="${*-}" '
    function trimmed(text) { gsub(/^ +| +$/, "", text); return text }
    function escaped(text) {
        gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
        return text
    }
    function emit(x, y, class, text) {
        svg = svg sprintf("<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y + 4, class, escaped(text))
    }
    # quoted TEXT: its bytes in quotes, or nothing
    function quoted(text) { return match(text, /".*"/) ? substr(text, RSTART + 1, RLENGTH - 2) : "" }
    # pid_in TEXT, PATTERN: the number at the end of what matches, or nothing
    function pid_in(text, pattern) {
        if (!match(text, pattern)) return ""
        text = substr(text, RSTART, RLENGTH)
        sub(/.* /, "", text)
        return text
    }
    # bar SIDE: a sleep that ends at the last event of that side
    function bar(side, ms) {
        top = begun[side] ? begun[side] : at[side] - 12
        svg = svg sprintf("<rect x=\"%d\" y=\"%d\" width=\"8\" height=\"%d\" class=\"sleep\"/>\n",
            line[side] - 4, top, at[side] - top)
        emit(line[side] + inside[side] * 10, (top + at[side]) / 2, side == 1 ? "ms" : "ms end", ms " ms")
        begun[side] = 0
    }
    # live SIDE: its lifeline up to here, without what a note takes of it
    function live(side,    i, from) {
        if (!first[side]) return
        from = first[side]
        for (i = 1; i <= notes; i++)
            if (note[i] > from && note[i] < last[side]) {
                life[side] = life[side] "M" line[side] " " from "V" (note[i] - 9)
                from = note[i] + 8
            }
        life[side] = life[side] "M" line[side] " " from "V" last[side]
        first[side] = 0
    }
    function arrow(from, y1, y2, kind) {
        svg = svg sprintf("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\" marker-end=\"url(#head)\"/>\n",
            line[from] + inside[from] * 5, y1, line[3 - from] + inside[3 - from] * 6, y2, kind)
    }
    # tell SIDE, TEXT, TIMED: a line of that process; TIMED unless it goes on with the one before
    function tell(side, text, timed,    result, bytes, i, n, words) {
        sub(/^\| */, "", text) # the bar of a call that sleeps
        if (text == "") return
        if (text ~ /^\[[0-9]+\] /) fault = "it has more than two processes"
        emit(line[side] - inside[side] * 14, y, side == 1 ? "end" : "start", substr(text, text ~ /^\047= / ? 2 : 1))
        if (pid_in(text, "fork\\(\\) = 0 +I am [0-9]+") != "") live(side)
        last[side] = y
        if (timed) {
            if (!first[side]) first[side] = y
            at[side] = y
            if (text ~ /\.\.\.$/) begun[side] = y
            else if (text !~ /^\047= /) begun[side] = 0 # it has returned, and did not sleep
        }
        bytes = quoted(text)
        result = index(" " text, " = ") || text ~ /^\047= / # sending is told before it is done, so without
        if (bytes != "" && !result) { sent[side, ++sends[side]] = bytes; sent_at[side, sends[side]] = y }
        if (bytes != "" && result && text ~ /= .*"/)
            for (i = 1; i <= sends[3 - side]; i++)
                if (sent[3 - side, i] == bytes) {
                    arrow(3 - side, sent_at[3 - side, i], y, "message")
                    sent[3 - side, i] = ""
                    break
                }
        n = pid_in(text, "fork\\(\\) = [1-9][0-9]*")
        if (n != "") forked[side, n] = y
        n = pid_in(text, "fork\\(\\) = 0 +I am [0-9]+")
        if (n != "") born[side] = n
        if (match(text, /asleep [0-9]+ ms/)) {
            split(substr(text, RSTART, RLENGTH), words, " ")
            bar(side, words[2])
        }
    }
    BEGIN { line[1] = 330; line[2] = 470; inside[1] = 1; inside[2] = -1; y = 20 }
    /^ +ms  / {
        if (!match(substr($0, 9), /[^ ]  +[^ ]/)) exit
        right = RSTART + RLENGTH + 7
        if (!heads++) {
            emit(66, y, "time", "ms")
            emit(line[1], y, "head left", trimmed(substr($0, 9, right - 9)))
            emit(line[2], y, "head right", trimmed(substr($0, right)))
        }
        y += 22
        next
    }
    /^with --step/ || /^ *$/ { next }
    /^[^ ]/ && !/^[0-9]+\.[0-9]+  / { # a question, an answer, a heading
        if (title == "") title = $0
        emit(20, y, "start note", $0)
        note[++notes] = y
        split("", sent) # what comes from now on was not sent before
        y += 20
        next
    }
    right {
        time = trimmed(substr($0, 1, 7))
        if (time != "") {
            passed = time - before
            if (events++ && passed > 0) y += passed < 30 ? int(passed * 0.8) : 24
            before = time
            emit(66, y, "time", time)
        }
        tell(1, trimmed(substr($0, 9, right - 9)), time != "")
        tell(2, trimmed(substr($0, right)), time != "")
        for (side = 1; side <= 2; side++)
            if (born[side] != "" && (3 - side, born[side]) in forked) {
                arrow(3 - side, forked[3 - side, born[side]], y, "fork")
                born[side] = ""
            }
        y += 17
    }
    END {
        for (side = 1; side <= 2; side++)
            live(side)
        if (life[1] == "" || life[2] == "") fault = "it is no narration of two processes"
        if (fault != "") { print "timeline.sh: " fault >"/dev/stderr"; exit 1 }
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" viewBox=\"0 0 800 %d\" role=\"img\">\n", y
        print "<title>" escaped(title == "" ? "Two processes" : title) "</title>"
        print "<style>"
        print "text { font: 12px monospace; fill: #767b83 } .end, .time { text-anchor: end }"
        print ".head { font-weight: bold; text-anchor: middle } .note { font-style: italic }"
        print ".left, .right { fill: #3b82f6 } .ms { font-size: 11px; fill: #d9730d }"
        print ".life { fill: none; stroke: #767b83 } .sleep { fill: #d9730d }"
        print ".message, .fork { stroke: #3b82f6; stroke-width: 1.5 } .fork { stroke-dasharray: 4 3 }"
        print "</style>"
        print "<marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\"" \
            " orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#3b82f6\"/></marker>"
        for (side = 1; side <= 2; side++)
            print "<path class=\"life\" d=\"" life[side] "\"/>"
        printf "%s</svg>\n", svg
    }'
