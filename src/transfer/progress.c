/*
 * The progress of one transfer.
 */
#include "ipc/transfer/pair.h"

#include "ipc/common/clock.h"
#include "ipc/common/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool line_stands;

static void clear_line(void)
{
    if (line_stands && write(STDERR_FILENO, "\r\033[K", 4) == 4)
        line_stands = false;
}

void progress_begin(struct progress *progress, const char *role, int input, bool shows)
{
    struct stat status;
    *progress = (struct progress){.role = role, .began = now()};
    progress->next_report = progress->began + SECOND;
    before_message = clear_line;
    /* the terminal may be showing what is typed or printed */
    progress->shows =
        shows && !quiet && isatty(STDERR_FILENO) && !isatty(input != -1 ? input : STDOUT_FILENO);
    if (input != -1 && fstat(input, &status) == 0 && S_ISREG(status.st_mode)) {
        const off_t at = lseek(input, 0, SEEK_CUR);
        progress->total = at >= 0 && status.st_size > at ? (uint64_t)(status.st_size - at) : 0;
    }
}

/* In the background the terminal is another's: of two that share one, the first is shown. */
static bool in_foreground(void)
{
    const pid_t group = tcgetpgrp(STDERR_FILENO);
    return group == -1 || group == getpgrp(); /* -1: not our controlling terminal */
}

static double mebibytes(uint64_t bytes)
{
    return (double)bytes / (1024 * 1024);
}

static void show_progress(struct progress *progress, uint64_t time)
{
    char line[128];
    const double elapsed = (double)(time - progress->began) / 1e9;
    const double rate = mebibytes(progress->bytes) / elapsed;
    int length = snprintf(line, sizeof line, "\r%s: %.1f MiB  %.1f MiB/s", program_name,
                          mebibytes(progress->bytes), rate);
    if (progress->total != 0 && progress->bytes != 0 && progress->bytes <= progress->total) {
        const uint64_t left = (uint64_t)((double)(progress->total - progress->bytes) * elapsed /
                                         (double)progress->bytes);
        length += snprintf(
            line + length, sizeof line - (size_t)length, "  %.0f%%  %" PRIu64 ":%02" PRIu64 " left",
            100.0 * (double)progress->bytes / (double)progress->total, left / 60, left % 60);
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "\033[K");
    line_stands = write(STDERR_FILENO, line, (size_t)length) > 0;
    progress->next_report = time + SECOND / 10;
}

void progress_add(struct progress *progress, size_t bytes)
{
    progress->bytes += bytes;
    if (!progress->shows)
        return;
    const uint64_t time = now();
    if (time >= progress->next_report && in_foreground())
        show_progress(progress, time);
}

void progress_end(const struct progress *progress)
{
    const double seconds = (double)(now() - progress->began) / 1e9;
    say("%s: %" PRIu64 " bytes in %.3f s, %.1f MiB/s", progress->role, progress->bytes, seconds,
        seconds > 0 ? mebibytes(progress->bytes) / seconds : 0.0);
}
