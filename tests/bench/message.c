/*
 * A message is told from any other: one byte that differs, another number, a part in another place.
 */
#include "check.h"

#include "ipc/bench/message.h"

#include <string.h>

static void check_size(size_t size)
{
    struct message sent = new_message(size), expected = new_message(size);
    number_message(&sent, 77);
    check(is_message(&expected, 77, sent.bytes));
    for (size_t i = 0; i < size; i++) {
        sent.bytes[i] ^= 1;
        check(!is_message(&expected, 77, sent.bytes));
        sent.bytes[i] ^= 1;
    }
    check(is_message(&expected, 77, sent.bytes));
    number_message(&sent, 78);
    check(!is_message(&expected, 77, sent.bytes));
    if (size >= sizeof(uint64_t))
        check(message_number(sent.bytes) == 78);
    free(sent.bytes);
    free(expected.bytes);
}

/* Pages of 4 KiB that change places. */
static void check_order(void)
{
    enum { PAGE = 4096, PAGES = 16 };
    struct message sent = new_message(PAGES * PAGE), expected = new_message(PAGES * PAGE);
    number_message(&expected, 77);
    for (size_t i = 1; i + 1 < PAGES; i++) {
        memcpy(sent.bytes, expected.bytes, sent.size);
        check(is_message(&expected, 77, sent.bytes));
        memcpy(sent.bytes + i * PAGE, expected.bytes + (i + 1) * PAGE, PAGE);
        memcpy(sent.bytes + (i + 1) * PAGE, expected.bytes + i * PAGE, PAGE);
        check(!is_message(&expected, 77, sent.bytes));
    }
    free(sent.bytes);
    free(expected.bytes);
}

int main(void)
{
    static const size_t sizes[] = {1, 2, 7, 8, 9, 64, 1000, 4039, 4040, 4041, 4096, 8080, 20000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_size(sizes[i]);
    check_order();

    struct message empty = new_message(0);
    check(is_message(&empty, 5, empty.bytes));
    free(empty.bytes);
    return 0;
}
