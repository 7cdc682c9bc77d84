/* SPDX-License-Identifier: MIT
 * A message is told from any other: one byte that differs, another number, a part in another place.
 */
#include "check.h"

#include "ipc/bench/bench.h"

#include <string.h>

static unsigned char *numbered(size_t size, uint64_t number)
{
    unsigned char *message = new_message(size);
    memcpy(message, &number, sizeof number);
    return message;
}

static void check_size(size_t size)
{
    unsigned char *sent = numbered(size, 77), *expected = new_message(size);
    check(is_message(expected, size, 77, sent));
    for (size_t i = 0; i < size; i++) {
        sent[i] ^= 1;
        check(!is_message(expected, size, 77, sent));
        sent[i] ^= 1;
    }
    check(is_message(expected, size, 77, sent));
    check(!is_message(expected, size, 78, sent));
    free(sent);
    free(expected);
}

/* Pages of 4 KiB that change places. */
static void check_order(void)
{
    enum { PAGE = 4096, PAGES = 16 };
    const size_t size = PAGES * PAGE;
    unsigned char *sent = new_message(size), *expected = numbered(size, 77);
    for (size_t i = 1; i + 1 < PAGES; i++) {
        memcpy(sent, expected, size);
        check(is_message(expected, size, 77, sent));
        memcpy(sent + i * PAGE, expected + (i + 1) * PAGE, PAGE);
        memcpy(sent + (i + 1) * PAGE, expected + i * PAGE, PAGE);
        check(!is_message(expected, size, 77, sent));
    }
    free(sent);
    free(expected);
}

int main(void)
{
    static const size_t sizes[] = {1, 2, 7, 8, 9, 64, 1000, 4039, 4040, 4041, 4096, 8080, 20000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_size(sizes[i]);
    check_order();

    unsigned char *empty = new_message(0);
    check(is_message(empty, 0, 5, empty));
    free(empty);
    return 0;
}
