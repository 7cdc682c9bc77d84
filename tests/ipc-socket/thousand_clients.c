/* SPDX-License-Identifier: MIT
 * 1,000 clients at once, each sending 100 lines, while others are silent, slow, reset, or never
 * take their echo: nothing is lost, nothing is mixed within a line. And with 64 descriptors the
 * server goes on, says so once, and recovers.
 */
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLIENTS = 1000, LINES = 100, FEW = 64, CROWD = 100 };

static char program[4096];

struct server {
    pid_t pid;
    FILE *output, *messages;
    struct sockaddr_in address;
};

static struct server start_server(const char *option, rlim_t descriptors)
{
    int output[2], messages[2];
    check(pipe(output) == 0 && pipe(messages) == 0);
    struct server server = {.pid = fork()};
    if (server.pid == 0) {
        dup2(output[1], STDOUT_FILENO);
        dup2(messages[1], STDERR_FILENO);
        for (int i = STDERR_FILENO + 1; i < 64; i++)
            close(i);
        if (descriptors > 0)
            setrlimit(RLIMIT_NOFILE, &(struct rlimit){descriptors, descriptors});
        execl(program, "ipc-socket", "server", "--port", "0", option, (char *)NULL);
        _exit(127);
    }
    check(server.pid > 0);
    close(output[1]);
    close(messages[1]);
    server.output = fdopen(output[0], "r");
    server.messages = fdopen(messages[0], "r");
    unsigned port = 0;
    char line[256];
    check(fgets(line, sizeof line, server.messages) != NULL);
    check(sscanf(line, "ipc-socket: listening on 127.0.0.1:%u", &port) == 1);
    server.address = (struct sockaddr_in){.sin_family = AF_INET,
                                          .sin_port = htons((in_port_t)port),
                                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return server;
}

static void stop_server(struct server *server)
{
    int status;
    kill(server->pid, SIGTERM);
    check(waitpid(server->pid, &status, 0) == server->pid);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    fclose(server->output);
    fclose(server->messages);
}

static int connect_to(const struct server *server)
{
    const int sock = socket(AF_INET, SOCK_STREAM, 0);
    check(sock != -1);
    check(connect(sock, (const struct sockaddr *)&server->address, sizeof server->address) == 0);
    return sock;
}

static void send_all(int sock, const char *text)
{
    check(send(sock, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text));
}

/* Sends all lines in round turns, each in two pieces, so that every client has half a line open. */
static void crowd(const struct server *server)
{
    static int socks[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        socks[i] = connect_to(server);
    for (int line = 0; line < LINES; line++) {
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < CLIENTS; i++) {
                char text[64];
                if (half == 0)
                    snprintf(text, sizeof text, "client %d ", i);
                else
                    snprintf(text, sizeof text, "of %d line %d of %d\n", CLIENTS, line, LINES);
                send_all(socks[i], text);
            }
        }
    }
    for (int i = 0; i < CLIENTS; i++)
        shutdown(socks[i], SHUT_WR);
    for (int i = 0; i < CLIENTS; i++) {
        char echo[4096];
        while (recv(socks[i], echo, sizeof echo, 0) > 0)
            ;
        close(socks[i]);
    }
}

/* All that can be wrong with a client; they stay until the others are through. */
static void misbehave(const struct server *server)
{
    static char much[1 << 20];
    connect_to(server);                      /* silent */
    send_all(connect_to(server), "half a "); /* slow */
    const int reset = connect_to(server);
    send_all(reset, "reset\n");
    setsockopt(reset, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
    close(reset);
    const int deaf = connect_to(server); /* fills every buffer of its echo, and more */
    fcntl(deaf, F_SETFL, O_NONBLOCK);
    memset(much, '\n', sizeof much);
    for (int i = 0; i < 64; i++)
        if (send(deaf, much, sizeof much, MSG_NOSIGNAL) == -1)
            break;
}

static void nothing_is_lost(void)
{
    static char seen[CLIENTS][LINES];
    struct server server = start_server("--echo", 0);
    const pid_t child = fork();
    if (child == 0) {
        alarm(100);
        misbehave(&server);
        crowd(&server);
        pause(); /* the misbehaving ones stay */
        _exit(0);
    }
    char text[256];
    for (int count = 0; count < CLIENTS * LINES;) {
        check(fgets(text, sizeof text, server.output) != NULL);
        int client, line, end = 0;
        if (strcmp(text, "\n") == 0 || strcmp(text, "reset\n") == 0)
            continue;
        check(sscanf(text, "client %d of 1000 line %d of 100%n", &client, &line, &end) == 2);
        check(strcmp(text + end, "\n") == 0 && client < CLIENTS && line < LINES);
        check(seen[client][line]++ == 0);
        check(line == 0 || seen[client][line - 1] == 1);
        count++;
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    stop_server(&server);
}

static void few_descriptors(void)
{
    struct server server = start_server(NULL, FEW);
    int socks[CROWD];
    char text[64], wanted[64];
    for (int i = 0; i < CROWD;
         i++) /* all connect: the queue holds those for whom there is no room */
        socks[i] = connect_to(&server);
    char message[256];
    do /* before that it introduces itself */
        check(fgets(message, sizeof message, server.messages) != NULL);
    while (strstr(message, "ipc-socket: accept: ") == NULL);
    check(fgets(message, sizeof message, server.messages) != NULL); /* its hint */
    for (int i = 0; i < CROWD; i++) {
        snprintf(wanted, sizeof wanted, "line of %d\n", i);
        send_all(socks[i], wanted); /* those inside are served; the others when these have gone */
        shutdown(socks[i], SHUT_WR);
        check(fgets(text, sizeof text, server.output) != NULL && strcmp(text, wanted) == 0);
        check(recv(socks[i], text, sizeof text, 0) == 0);
        close(socks[i]);
    }
    kill(server.pid, SIGTERM);
    while (fgets(message, sizeof message, server.messages) != NULL)
        check(strstr(message, "accept") == NULL); /* said once */
    stop_server(&server);
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *slash = strrchr(argv[0], '/');
    snprintf(program, sizeof program, "%.*s/ipc-socket", slash ? (int)(slash - argv[0]) : 1,
             slash ? argv[0] : ".");
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < CLIENTS + 24) {
        puts("skipped: ulimit -n is too low for 1,000 clients");
        return 77;
    }
    alarm(110);
    nothing_is_lost();
    few_descriptors();
    printf("%d clients, %d lines each: all there, none mixed\n", CLIENTS, LINES);
    return 0;
}
