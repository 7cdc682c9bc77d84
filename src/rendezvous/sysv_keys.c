/*
 * System V objects and their keys.
 */
#include "ipc/rendezvous/sysv_keys.h"

#include "ipc/rendezvous/names.h"

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

/*
 * False where there is an object with that key already. The key is noted before it exists, so that
 * a death in between leaves nothing behind that the next session would not find.
 */
static bool make_with_key(struct rendezvous *rendezvous, key_t key, sysv_get *get, int *id,
                          const char *call)
{
    int64_t *noted = rendezvous->objects;
    if (get(key, 0) != -1 || errno != ENOENT)
        return false;
    noted[NOTED_FAMILY] = 1 + SYSV;
    noted[NOTED_KEY] = key;
    noted[NOTED_MADE] = true;
    rendezvous_note_objects(rendezvous);
    *id = get(key, IPC_CREAT | IPC_EXCL | 0600);
    if (*id == -1) {
        noted[NOTED_MADE] = false;
        if (errno != EEXIST)
            fail(call, rendezvous->name);
        rendezvous_note_objects(rendezvous); /* somebody else's: not to be taken for ours */
        return false;
    }
    noted[NOTED_ID] = 1 + *id;
    return true;
}

int make_sysv(struct rendezvous *rendezvous, const char *key_text, key_t *key, sysv_get *get,
              const char *call)
{
    int64_t *noted = rendezvous->objects;
    int id;
    if (key_text != NULL) {
        if (make_with_key(rendezvous, *key, get, &id, call))
            return id;
        id = get(*key, 0);
        if (id == -1)
            fail(call, key_text);
        noted[NOTED_FAMILY] = 1 + SYSV;
        noted[NOTED_KEY] = *key;
        noted[NOTED_ID] = 1 + id;
        return id;
    }
    /* the rendezvous' own file: nobody else's ftok is on it, but 32 bits can still coincide */
    for (int project = 1; project <= PROJECTS; project++) {
        *key = ftok(rendezvous->path, project);
        if (*key == -1)
            fail("ftok", rendezvous->path);
        if (*key != IPC_PRIVATE && make_with_key(rendezvous, *key, get, &id, call))
            return id;
    }
    fail_that(EXIT_FAILED, "all keys of \"%s\" are taken", rendezvous->path);
}

int noted_sysv(const struct rendezvous *rendezvous, sysv_get *get)
{
    const int64_t *noted = rendezvous->objects;
    if (noted[NOTED_FAMILY] != 1 + SYSV || noted[NOTED_ID] == 0)
        return -1;
    const int id = (int)(noted[NOTED_ID] - 1);
    return get((key_t)noted[NOTED_KEY], 0) == id ? id : -1;
}

/* Between the note and the object there is no other call; the clocks of both may differ a bit. */
bool made_as_noted(int file, time_t made)
{
    struct stat status;
    return fstat(file, &status) == 0 && made >= status.st_mtime - 1 && made <= status.st_mtime + 2;
}

void refuse_session(struct rendezvous *rendezvous, const char *what, const char *hint)
{
    const char *name = rendezvous->name;
    rendezvous_leave(rendezvous, true);
    fail_that(EXIT_FAILED, "\"%s\" %s\n  %s", name, what, hint);
}

void check_family(struct rendezvous *rendezvous, int family, const char *what)
{
    if (rendezvous->objects[NOTED_FAMILY] == 1 + family)
        return;
    char text[64];
    snprintf(text, sizeof text, "is a %s of the other family", what);
    refuse_session(rendezvous, text,
                   family == SYSV ? "this side needs --api posix, too"
                                  : "this side needs --api sysv, too");
}
