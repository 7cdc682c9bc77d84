# SPDX-License-Identifier: MIT
# What is wrong on the command line is named, with exit status 2, and nothing happens.
. "$SOURCE/tests/harness.sh"
. "$SOURCE/tests/checks.sh"

check_usage ipc-socket
for usage in '--port 8080 --path x' '--host localhost --unix' '-4 --name x' '-4 -6' '--udp --unix' \
    '--path x --name y' '--port'; do
    # shellcheck disable=SC2086 # words
    refused ipc-socket server $usage
    # shellcheck disable=SC2086 # words
    refused ipc-socket client $usage
done
refused ipc-socket client --port 0
refused ipc-socket client --echo
refused ipc-socket client --once
refused ipc-socket consumer --once
refused ipc-socket server file
refused ipc-socket client one two
refused ipc-socket server --path ''
