#!/bin/sh
# SPDX-License-Identifier: MIT
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
        shape[++shapes] = sprintf("<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>", x, y + 4, class, escaped(text))
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
    # down X, FROM, TO: a line, without what a note takes of it
    function down(x, from, to,    i, path) {
        for (i = 1; i <= notes; i++)
            if (note[i] > from && note[i] < to) {
                path = path "M" x " " from "V" (note[i] - 9)
                from = note[i] + 8
            }
        return path "M" x " " from "V" to
    }
    # bar SIDE: a sleep that ends at the last event of that side
    function bar(side, ms) {
        top = begun[side] ? begun[side] : at[side] - 12
        shape[++shapes] = "<path d=\"" down(line[side], top, at[side]) "\" class=\"sleep\"/>"
        emit(line[side] + inside[side] * 10, (top + at[side]) / 2, side == 1 ? "ms" : "ms end", ms " ms")
        begun[side] = 0
    }
    # live SIDE: its lifeline up to here
    function live(side) {
        if (first[side]) life[side] = life[side] down(line[side], first[side], last[side])
        first[side] = 0
    }
    function arrow(from, y1, y2, kind) {
        shape[++shapes] = sprintf("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\" marker-end=\"url(#head)\"/>",
            line[from] + inside[from] * 5, y1, line[3 - from] + inside[3 - from] * 6, y2, kind)
    }
    # put SIDE, TEXT: in the column of that process
    function put(side, text) {
        emit(line[side] - inside[side] * 14, y, side == 1 ? "end" : "start", text)
        told[side] = shapes
        room[side] = (side == 1 ? 37 : 42) - length(text)
    }
    # slept SIDE, TEXT: the bar of "asleep 30 ms: it was empty"; its reason stands beside the result,
    # or, true, in a row of its own
    function slept(side, text,    why, words) {
        why = text
        sub(/^asleep [0-9]+ ms(: )?/, "", why)
        split(text, words, " ")
        bar(side, words[2])
        if (room[side] < length(why) + 3) { put(side, text); return 1 }
        if (why != "")
            shape[told[side]] = substr(shape[told[side]], 1, length(shape[told[side]]) - 7) \
                "   <tspan class=\"why\">" escaped(why) "</tspan></text>"
        return 0
    }
    # tell SIDE, TEXT, TIMED: a line of that process; TIMED unless it goes on with the one before.
    # True if it needs a row.
    function tell(side, text, timed,    sleep) {
        sub(/^\| */, "", text) # the bar of a call that sleeps
        if (match(text, /asleep [0-9]+ ms.*/)) {
            sleep = substr(text, RSTART)
            text = trimmed(substr(text, 1, RSTART - 1))
        }
        if (text != "") event(side, text, timed)
        return (sleep != "" && slept(side, sleep)) || text != ""
    }
    function event(side, text, timed,    result, bytes, i, n) {
        if (text ~ /^\[[0-9]+\] /) fault = "it has more than two processes"
        put(side, substr(text, text ~ /^\047= / ? 2 : 1))
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
    }
    BEGIN { line[1] = 340; line[2] = 480; inside[1] = 1; inside[2] = -1; y = 12 }
    /^ +ms  / {
        if (!match(substr($0, 9), /[^ ]  +[^ ]/)) exit
        right = RSTART + RLENGTH + 7
        if (!heads++) {
            emit(50, y, "time", "ms")
            emit(line[1], y, "head left", trimmed(substr($0, 9, right - 9)))
            emit(line[2], y, "head right", trimmed(substr($0, right)))
        }
        y += 20
        next
    }
    /^with --step/ || /^ *$/ { next }
    /^[^ ]/ && !/^[0-9]+\.[0-9]+  / { # a question, an answer, a heading
        if (title == "") title = $0
        if (right) y += 4
        emit(20, y, "start note", $0)
        note[++notes] = y
        split("", sent) # what comes from now on was not sent before
        y += 17
        next
    }
    right {
        time = trimmed(substr($0, 1, 7))
        if (time != "") {
            passed = time - before
            if (events++ && passed > 0) y += passed < 30 ? int(passed * 0.4) : 12
            before = time
            emit(50, y, "time", time)
        }
        rows = tell(1, trimmed(substr($0, 9, right - 9)), time != "")
        rows += tell(2, trimmed(substr($0, right)), time != "")
        for (side = 1; side <= 2; side++)
            if (born[side] != "" && (3 - side, born[side]) in forked) {
                arrow(3 - side, forked[3 - side, born[side]], y, "fork")
                born[side] = ""
            }
        if (rows || time != "") y += 15
    }
    END {
        for (side = 1; side <= 2; side++)
            live(side)
        if (life[1] == "" || life[2] == "") fault = "it is no narration of two processes"
        if (fault != "") { print "timeline.sh: " fault >"/dev/stderr"; exit 1 }
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" width=\"800\" height=\"%d\"" \
            " viewBox=\"0 0 800 %d\" role=\"img\">\n", y, y
        print "<title>" escaped(title == "" ? "Two processes" : title) "</title>"
        print "<style>"
        print "text { font: 12px monospace; white-space: pre; fill: #767b83 } .end, .time { text-anchor: end }"
        print ".head { font-weight: bold; text-anchor: middle } .note { font-style: italic }"
        print ".left, .right { fill: #3b82f6 } .ms { font-size: 11px } .ms, .why { fill: #d9730d }"
        print ".life { fill: none; stroke: #767b83; shape-rendering: crispEdges } .sleep { stroke: #d9730d; stroke-width: 8 }"
        print ".message, .fork { stroke: #3b82f6; stroke-width: 1.5 } .fork { stroke-dasharray: 4 3 }"
        print "</style>"
        print "<marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\"" \
            " orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#3b82f6\"/></marker>"
        for (side = 1; side <= 2; side++)
            print "<path class=\"life\" d=\"" life[side] "\"/>"
        for (i = 1; i <= shapes; i++)
            print shape[i]
        print "</svg>"
    }'
