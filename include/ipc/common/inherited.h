/*
 * What a program inherits and must neither trip over nor pass on changed: standard descriptors,
 * signal mask and dispositions.
 */
#ifndef IPC_COMMON_INHERITED_H
#define IPC_COMMON_INHERITED_H

/*
 * Opens closed standard descriptors on /dev/null (standard output for reading, so that writing
 * there stays an error), empties the signal mask, makes SIGCHLD default and ignores SIGPIPE, so
 * that a write to nobody is EPIPE. What it found is kept for restore_inherited_state().
 */
void take_over_inherited_state(void);

/*
 * For a child about to exec a COMMAND: the mask and dispositions that we were given, and only
 * descriptors 0, 1 and 2. Handlers need nothing: exec makes them default.
 */
void restore_inherited_state(void);

#endif
