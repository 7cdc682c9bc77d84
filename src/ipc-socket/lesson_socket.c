/* SPDX-License-Identifier: MIT
 * What the lessons do with a socket besides their subject, narrated in a column.
 */
#include "socket.h"

#include "ipc/narration/lesson.h"

#include <sys/time.h>

struct outcome outcome(ssize_t result)
{
    struct outcome outcome;
    if (result == -1)
        snprintf(outcome.text, sizeof outcome.text, "-1  %s", error_name(errno));
    else
        snprintf(outcome.text, sizeof outcome.text, "%zd", result);
    return outcome;
}

void set_timeout(int sock, int option, int milliseconds)
{
    const struct timeval limit = {.tv_sec = milliseconds / 1000,
                                  .tv_usec = milliseconds % 1000 * 1000};
    or_fail(setsockopt(sock, SOL_SOCKET, option, &limit, sizeof limit), "setsockopt", NULL);
}

int(narrate_send)(struct narration *n, enum column column, int sock, const char *text)
{
    const size_t size = strlen(text);
    (narrate)(n, column, "send(%d, %s)", sock, quoted(text, size).text);
    const ssize_t sent = send(sock, text, size, 0);
    if (sent == -1)
        (narrate)(n, column, "  = -1  %s", error_name(errno));
    return (int)sent;
}

ssize_t(narrate_recv)(struct narration *n, enum column column, int sock, const char *why)
{
    char bytes[100];
    (narrate_call)(n, column, "recv(%d)", sock);
    const ssize_t got = receive_some(sock, bytes, sizeof bytes, 0);
    (narrate_return)(n, why, "%s%s%s", outcome(got).text, got == -1 ? "" : "  ",
                     got > 0    ? quoted(bytes, (size_t)got).text
                     : got == 0 ? "end of file"
                                : "");
    return got;
}
