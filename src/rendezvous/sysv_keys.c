/*
 * System V objects and their keys.
 */
#include "ipc/rendezvous/sysv_keys.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/stat.h>

enum { PROJECTS = 255 };

const char *const families[] = {"sysv", "posix", NULL};

static key_t parse_key(const struct role *role, const char *text)
{
    const bool hexadecimal = strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0;
    const char *digits = text + (hexadecimal ? 2 : *text == '-' ? 1 : 0);
    const char *allowed = hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
    errno = 0;
    const long long value = strtoll(text, NULL, hexadecimal ? 16 : 10);
    /* key_t is signed, and programs print it both ways */
    if (*digits == '\0' || digits[strspn(digits, allowed)] != '\0' || errno != 0 || value == 0 ||
        value < INT32_MIN || value > UINT32_MAX)
        usage_error(role, "--key: '%s' is not a key from 1 to 0xffffffff", text);
    return (key_t)(uint32_t)value;
}

const char *choose_name(const struct role *role, const char *name, const char *key_text, int family,
                        char own_name[NAME_MOST + 1], key_t *key)
{
    if (key_text == NULL)
        return name != NULL ? name : "default";
    if (family == POSIX)
        usage_error(role, "--key is for --api sysv: a POSIX object has a name");
    if (name != NULL)
        usage_error(role, "--key stands instead of --name: one of them");
    *key = parse_key(role, key_text);
    /* '=' stands in no --name, so the two cannot meet */
    snprintf(own_name, NAME_MOST + 1, "key=0x%08" PRIx32, (uint32_t)*key);
    return own_name;
}

void note_made(struct rendezvous *rendezvous, int family, key_t key, bool made)
{
    rendezvous->objects[NOTED_FAMILY] = 1 + family;
    rendezvous->objects[NOTED_KEY] = key;
    rendezvous->objects[NOTED_MADE] = made;
    rendezvous_note_objects(rendezvous);
}

/*
 * The id, or -1 where there is an object with that key already. The key is noted before the object
 * exists: otherwise a death in between would leave something behind that nobody finds. The id is
 * noted right after: what was found by its key alone and is in use would not be taken for ours.
 */
static int make_with_key(struct rendezvous *rendezvous, key_t key, sysv_get *get, const char *call)
{
    if (get(key, 0) != -1 || errno != ENOENT)
        return -1;
    note_made(rendezvous, SYSV, key, true);
    const int id = get(key, IPC_CREAT | IPC_EXCL | 0600);
    rendezvous->objects[NOTED_MADE] = id != -1; /* somebody else's is not to be taken for ours */
    rendezvous->objects[NOTED_ID] = 1 + id;
    if (id == -1 && errno != EEXIST)
        fail(call, rendezvous->name);
    rendezvous_note_objects(rendezvous);
    return id;
}

/* Nobody else's ftok is on a file of ours, but 32 bits can still coincide. */
key_t next_key(const char *path, int *project)
{
    if (++*project > PROJECTS)
        fail_that(failure_status, "all keys of \"%s\" are taken", path);
    const key_t key = or_fail(ftok(path, *project), "ftok", path);
    return key != IPC_PRIVATE ? key : next_key(path, project);
}

int make_sysv(struct rendezvous *rendezvous, const char *key_text, key_t key, sysv_get *get,
              const char *call)
{
    int id = -1;
    if (key_text != NULL && (id = make_with_key(rendezvous, key, get, call)) == -1) {
        id = or_fail(get(key, 0), call, key_text);
        note_made(rendezvous, SYSV, key, false);
        rendezvous->objects[NOTED_ID] = 1 + id;
    }
    for (int project = 0; id == -1;)
        id = make_with_key(rendezvous, next_key(rendezvous->path, &project), get, call);
    return id;
}

/*
 * An id alone may be another's by now (ids start anew when the system does), and so may a key (it
 * is made of the number of a file, which another file can get).
 */
int noted_sysv(const struct rendezvous *rendezvous, sysv_get *get)
{
    const int64_t *noted = rendezvous->objects;
    if (noted[NOTED_FAMILY] != 1 + SYSV || noted[NOTED_ID] == 0)
        return -1;
    const int id = (int)(noted[NOTED_ID] - 1);
    return get((key_t)noted[NOTED_KEY], 0) == id ? id : -1;
}

void remove_sysv(const struct rendezvous *rendezvous, enum object_kind kind, sysv_get *get)
{
    const int64_t *noted = rendezvous->objects;
    if (noted[NOTED_FAMILY] != 1 + SYSV || noted[NOTED_MADE] == 0)
        return;
    if (noted[NOTED_ID] == 0)
        destroy_half_made(kind, get((key_t)noted[NOTED_KEY], 0), rendezvous->file);
    else
        destroy_object(kind, "", noted_sysv(rendezvous, get));
}

void refuse_rendezvous(struct rendezvous *rendezvous, const char *what, const char *hint)
{
    rendezvous->keep = true;
    rendezvous_leave(rendezvous);
    fail_that(EXIT_FAILED, "\"%s\" %s\n  %s", rendezvous->name, what, hint);
}

void check_family(struct rendezvous *rendezvous, int family, const char *what)
{
    char text[64];
    snprintf(text, sizeof text, "is a %s of the other family", what);
    if (rendezvous->objects[NOTED_FAMILY] != 1 + family)
        refuse_rendezvous(rendezvous, text,
                          family == SYSV ? "this side needs --api posix, too"
                                         : "this side needs --api sysv, too");
}
