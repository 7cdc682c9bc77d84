/* SPDX-License-Identifier: MIT
 * What client and server say of themselves: who they are, what to type in another terminal, and
 * who has come. On standard error, and nothing with -q.
 */
#include "client_server.h"

static const char *const roles[][2] = {
    {"producer", "consumer"}, {"consumer", "producer"}, {"client", "server"}, {"server", "client"}};

static const char *counterpart(const char *role)
{
    size_t i = 0;
    while (strcmp(roles[i][0], role) != 0)
        i++;
    return roles[i][1];
}

void tell_what_to_type(const struct where *where, const char *role, long port)
{
    char place[2 * PATH_SIZE + 64];
    if (where->path != NULL)
        snprintf(place, sizeof place, " --path %s", shell_word(where->path));
    else if (where->local)
        snprintf(place, sizeof place, "%s%s", where->name != NULL ? " --name " : " --unix",
                 where->name != NULL ? where->name : "");
    else if (port != USUAL_PORT)
        snprintf(place, sizeof place, " --port %ld", port);
    else
        *place = '\0';
    const char *family = where->ipv6 ? " -6" : where->ipv4 ? " -4" : "";
    say("%s, pid %ld: in another terminal:\n  %s %s%s%s%s%s%s", role, (long)getpid(), program_name,
        counterpart(role), where->udp ? " --udp" : "", where->host != NULL ? " --host " : "",
        where->host != NULL ? where->host : "", family, place);
}

void tell_peer(const char *role, int socket, const char *address)
{
    const pid_t process = peer_process(socket);
    char who[24];
    snprintf(who, sizeof who, ", pid %ld", (long)process);
    say("%s, pid %ld: connected to the %s%s%s", role, (long)getpid(), counterpart(role),
        process != 0 ? who : " at ", process != 0 ? "" : address);
}
