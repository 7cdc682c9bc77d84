/* SPDX-License-Identifier: MIT
 * The names of a mechanism: as a table, or as JSON (RFC 8259).
 */
#include "ipc/transfer/list.h"

#include "ipc/common/io.h"
#include "ipc/rendezvous/private_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool json;
static size_t rows;

static const char *mechanism; /* whose names are looked through */
static look_at_object *look_at;

void look_at_family(const struct rendezvous *found, struct listed *listed)
{
    char name[POSIX_NAME_SIZE];
    if (found->objects[NOTED_FAMILY] == 1 + POSIX)
        snprintf(listed->path, PATH_SIZE, "%s", posix_name(name, listed->mechanism, listed->name));
    else if (found->objects[NOTED_FAMILY] == 1 + SYSV)
        listed->key = (uint32_t)found->objects[NOTED_KEY];
}

void begin_list(bool as_json)
{
    json = as_json;
    if (json)
        printf("[");
    else
        printf("%-20s %10s %10s %10s  %s\n", "name", "producer", "consumer", "bytes", "object");
}

/* A string, quoted; or null where there is none. */
static void print_member(const char *name, const char *text)
{
    printf(", \"%s\": ", name);
    if (*text == '\0') {
        printf("null");
        return;
    }
    putchar('"');
    for (; *text != '\0'; text++)
        if (*text == '"' || *text == '\\' || (unsigned char)*text < ' ')
            printf("\\u%04x", (unsigned char)*text);
        else
            putchar(*text);
    putchar('"');
}

static void print_number(const char *name, int64_t number, bool present)
{
    if (present)
        printf(", \"%s\": %" PRId64, name, number);
    else
        printf(", \"%s\": null", name);
}

/* Who holds an end: one's pid and how many more, or what became of the last one. */
static const char *holder(const struct peers *peers, char text[24])
{
    snprintf(text, 24, peers->alive > 1 ? "%ld +%d" : "%ld", (long)peers->alive_pid,
             peers->alive - 1);
    return peers->alive > 0 ? text : peers->died > 0 ? "died" : peers->left > 0 ? "left" : "-";
}

void print_listed(const struct listed *listed)
{
    const struct peers *const peers = listed->peers;
    char key[16] = "", bytes[24] = "-", held[MEMBER_ROLES][24];
    if (listed->key != 0)
        snprintf(key, sizeof key, "0x%08" PRIx32, (uint32_t)listed->key);
    if (json) {
        printf("%s\n  {\"mechanism\": \"%s\"", rows > 0 ? "," : "", listed->mechanism);
        print_member("name", listed->name);
        print_member("path", listed->path);
        print_member("key", key);
        print_number("producer", peers[PRODUCER].alive_pid, peers[PRODUCER].alive > 0);
        print_number("consumer", peers[CONSUMER].alive_pid, peers[CONSUMER].alive > 0);
        print_number("bytes", listed->bytes, listed->bytes >= 0);
        printf(", \"stale\": %s}", listed->stale ? "true" : "false");
    } else {
        if (listed->bytes >= 0)
            snprintf(bytes, sizeof bytes, "%" PRId64, listed->bytes);
        const char *object = *listed->path != '\0' ? listed->path : *key != '\0' ? key : "-";
        printf("%-20s %10s %10s %10s  %s%s\n", listed->name,
               holder(&peers[PRODUCER], held[PRODUCER]), holder(&peers[CONSUMER], held[CONSUMER]),
               bytes, object, listed->stale ? "  left behind" : "");
    }
    rows++;
}

void print_found(const char *of, const struct rendezvous *found, look_at_object *look)
{
    static struct listed listed;
    listed = (struct listed){.mechanism = of, .name = found->name, .bytes = -1};
    int alive = 0, died = 0;
    const bool is_ours = found->file != -1; /* else another program's object */
    bool in_use = !is_ours || is_changing(found->file, found->path);
    for (enum member_role role = PRODUCER; is_ours && role < MEMBER_ROLES; role++) {
        const struct peers peers = listed.peers[role] = rendezvous_peers(found, role);
        alive += peers.alive;
        died += peers.died;
    }
    in_use = in_use || alive > 0 || is_changing(found->file, found->path);
    listed.stale = !in_use && (died > 0 || listed.peers[PRODUCER].left == 0 ||
                               listed.peers[CONSUMER].left > 0);
    look(found, &listed);
    print_listed(&listed);
}

int end_list(void)
{
    if (json)
        printf("%s]\n", rows > 0 ? "\n" : "");
    flush_output();
    return EXIT_DONE;
}

/* context: what the rendezvous calls the mechanism. */
static bool take_name(const char *name, void *context)
{
    static struct rendezvous found;
    if (rendezvous_look(&found, context, name)) { /* else it has ended meanwhile */
        print_found(mechanism, &found, look_at);
        close(found.file);
    }
    return false;
}

int list_names(const struct role *role, int argc, char **argv, const char *of, look_at_object *look,
               void (*others)(void))
{
    bool as_json = false;
    const struct option_row options[] = {OPTION_JSON(&as_json), {0}};
    parse_arguments(role, argc, argv, options, 0);
    mechanism = of;
    look_at = look;
    begin_list(as_json);
    if (look != NULL)
        each_rendezvous(of);
    if (others != NULL)
        others();
    return end_list();
}

void each_rendezvous(const char *word)
{
    char copy[32];
    snprintf(copy, sizeof copy, "%s", word);
    for_each_name(word, "rendezvous", take_name, copy);
}
