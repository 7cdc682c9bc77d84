# SPDX-License-Identifier: MIT
# Everything again, optimized across files: what the compiler then sees through must still hold.
# timeout: 3600
. "$SOURCE/tests/harness.sh"

build=$BINARIES/full-lto
run 0 cmake -S "$SOURCE" -B "$build" -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON -DIPC_WARNINGS_AS_ERRORS=ON
run 0 cmake --build "$build" -j2
unset IPC_DEMOS_DIR
# A call that became part of another function is not known by its file any more; packages are made without.
ctest --test-dir "$build" -j3 --output-on-failure -E '[.]calls$|^package[.]'
