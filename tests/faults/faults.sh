#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs the driver; skipped, and says why, where it cannot run.
if ! command -v python3 >/dev/null; then
    echo "skipped: no python3"
    exit 77
fi
if ! command -v unshare >/dev/null; then
    echo "skipped: no unshare"
    exit 77
fi
exec python3 -B "$(dirname "$0")/faults.py" "$@"
