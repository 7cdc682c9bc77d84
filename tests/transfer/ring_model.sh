# SPDX-License-Identifier: MIT
# The model of the ring's sleep has no interleaving in which a wake-up is lost.
. "$SOURCE/tests/harness.sh"
command -v spin >/dev/null || skip "spin, the model checker, is not here"

cd "$scratch" || exit 1
run 0 spin -a "$SOURCE/tests/transfer/ring.pml"
run 0 cc -O1 -DSAFETY -o pan pan.c
run 0 ./pan -m100000
has out 'errors: 0'
