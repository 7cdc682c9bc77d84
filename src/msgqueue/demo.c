#include "msgqueue.h"
int msgqueue_demo(const struct role *role, int argc, char **argv)
{
    (void)role;
    (void)argc;
    (void)argv;
    return 0;
}
