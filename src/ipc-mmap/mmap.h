/* SPDX-License-Identifier: MIT
 * What the roles of ipc-mmap share: the mapped file of the pair, files of our own to show things
 * with, and a part of any file in memory.
 */
#ifndef IPC_MMAP_H
#define IPC_MMAP_H

#include "ipc/transfer/ring.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* The file that the pair has mapped. */
struct mapping {
    struct pair pair;
    const char *path;
    size_t size;
    struct ring ring;
};

/*
 * Parses the options of the pair, opens the producer's FILE, joins the rendezvous, and opens the
 * file, or makes it if we are first. Returns its descriptor, for mmap() and begin_ring().
 */
int mapping_open(const struct role *role, int argc, char **argv, enum member_role member,
                 struct mapping *mapping);

/* Makes a file in the private directory, removed at the end. Returns a descriptor, O_RDWR. */
int new_file(char path[PATH_SIZE], const char *what, const void *bytes, size_t size);
void remove_new_file(void); /* already now */

/* A-Z 0-9 a-z */
extern const char sample[];
enum { SAMPLE_SIZE = 62 };

/* Part of any file in memory: only some pages are mapped at a time. */
struct window {
    const char *path;
    int file;
    uint64_t size;
    int protection;
    unsigned char *memory; /* NULL, or the pages that are mapped now */
    size_t length;
};

/* Opens a file for that protection. Fails (exits) unless it is a regular file that is not empty. */
void window_open(struct window *window, const char *path, int protection);

/* Maps and returns the `length` bytes from offset on, which are there; unmaps the last ones. */
unsigned char *window_map(struct window *window, uint64_t offset, size_t length);

/* An operand of that name as a number of bytes, or a usage error. */
uint64_t size_operand(const struct role *role, const char *name, const char *text);

role_function mmap_demo, mmap_producer, mmap_consumer, mmap_list, mmap_private, mmap_anonymous,
    mmap_protection, mmap_truncate, mmap_lookup, mmap_view, mmap_edit, mmap_bench;

#endif
