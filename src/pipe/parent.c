#include "pipe.h"
int pipe_parent(const struct role *role, int argc, char **argv)
{
    return pipe_demo(role, argc, argv);
}
