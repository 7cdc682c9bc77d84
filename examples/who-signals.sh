#!/bin/sh
# SPDX-License-Identifier: MIT
# Which signals arrive, and from where: the sender's program, pid, user, and the cause.
#
#   examples/who-signals.sh COUNT
#
# For when something kills or stops a service, and nobody knows what: start this in its place and see
# who comes. Ends after COUNT signals.
. "$(dirname "$0")/common.sh"
[ $# -eq 1 ] || usage
counts "$1" || usage
exec ipc-signal catch -n "$1"
