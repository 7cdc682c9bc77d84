# SPDX-License-Identifier: MIT
# The manual page is without fault, names every role, and its examples work.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/pages.sh"

check_page msgqueue
cd "$scratch" || exit 1
seq 1 100 >lines
run_examples "$page" 6
same lines copy
nothing_left
