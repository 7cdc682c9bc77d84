/* SPDX-License-Identifier: MIT
 * Reading and writing that copes with short counts, EINTR and ending signals.
 */
#ifndef IPC_COMMON_IO_H
#define IPC_COMMON_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One read(2) or write(2), made again after EINTR. An ending signal ends the process. */
ssize_t read_some(int descriptor, void *bytes, size_t size);
ssize_t write_some(int descriptor, const void *bytes, size_t size);

/*
 * Reads until size bytes or end of file: returns how many, or -1 and errno. Writes all of it: false
 * and errno if that fails; a non-blocking descriptor is waited for.
 */
ssize_t read_full(int descriptor, void *bytes, size_t size);
bool write_full(int descriptor, const void *bytes, size_t size);

/* stdio's standard output, from which nothing may be missing: as fail_output() if that fails. */
void flush_output(void);

/* close(2) of what was written: false and errno if that tells that bytes were lost (EDQUOT). */
bool close_written(int descriptor);

/* poll(2) for one descriptor and at most that long; -1: for ever. False when the time is over. */
bool wait_ready(int descriptor, short events, int milliseconds);

#endif
