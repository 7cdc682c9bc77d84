# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# shellcheck disable=SC2154 # harness.sh sets $scratch and $name
# What the tests of producer and consumer have in common.

# begin_side PROGRAM ROLE OPTION...: one side, $side, that has joined and waits for the other; what a
# producer reads is descriptor 3. What it says is in $scratch/side.
begin_side() {
    [ -p "$scratch/input" ] || mkfifo "$scratch/input"
    rm -f "$scratch/side" # otherwise what stands there from before would be waited for
    "$@" <"$scratch/input" >"$scratch/out" 2>"$scratch/side" &
    side=$!
    started $side
    exec 3>"$scratch/input"
    await grep -q 'waiting for' "$scratch/side"
}

# begin_pair PROGRAM OPTION...: both sides, $producer and $consumer, in the middle of a transfer:
# a line has arrived, and more may be written to descriptor 3.
begin_pair() {
    program=$1
    shift
    [ -p "$scratch/input" ] || mkfifo "$scratch/input"
    rm -f "$scratch/out" # otherwise what stands there from before would be waited for
    "$program" producer "$@" <"$scratch/input" 2>"$scratch/producer" &
    producer=$!
    started $producer
    "$program" consumer "$@" >"$scratch/out" 2>"$scratch/consumer" &
    consumer=$!
    started $consumer
    exec 3>"$scratch/input"
    echo 'one line' >&3
    await grep -q 'one line' "$scratch/out"
}

# pair_through PROGRAM OPTIONS FILE: to a consumer that came first, and to one that comes second.
pair_through() {
    # shellcheck disable=SC2086 # options are words
    {
        "$1" consumer $2 --name "$name" >"$scratch/out" 2>"$scratch/consumer" &
        consumer=$!
        started $consumer
        run 0 "$1" producer -q $2 --name "$name" "$3"
        ended 0 $consumer
        same "$scratch/out" "$3"
        has "$scratch/consumer" "consumer: $(wc -c <"$3") bytes in "
        nothing_left

        "$1" producer -q $2 --name "$name" <"$3" &
        producer=$!
        started $producer
        run 0 "$1" consumer -q $2 --name "$name"
        ended 0 $producer
        same "$scratch/out" "$3"
        nothing_left
    }
}

# writes PROGRAM OPTION...: runs a consumer; how large each of its writes was stands in $scratch/writes,
# and the bytes in $scratch/out.
writes() {
    perl -MSocket -e '
        open(my $out, ">", shift) or die;
        open(my $sizes, ">", shift) or die;
        select((select($sizes), $| = 1)[0]);
        select((select($out), $| = 1)[0]);
        socketpair(my $ours, my $theirs, AF_UNIX, SOCK_SEQPACKET, 0) or die;
        my $child = fork;
        if (!$child) {
            open(STDOUT, ">&", $theirs) or die;
            exec(shift(@ARGV), "consumer", @ARGV);
        }
        close($theirs);
        while (defined recv($ours, my $bytes, 1 << 17, 0)) {
            last if $bytes eq "";
            print $out $bytes;
            print $sizes length($bytes), "\n";
        }
        waitpid($child, 0);
        exit($? >> 8)' "$scratch/out" "$scratch/writes" "$@"
}
# wrote SIZE..., were SIZE...: whether the writes are of those sizes; that they were
wrote() {
    [ "$(paste -sd ' ' "$scratch/writes")" = "$*" ]
}
were() {
    wrote "$@" || fail "writes of $(paste -sd ' ' "$scratch/writes")"
}

# no_object PROGRAM ID: neither that System V object nor one of our POSIX names is in the system.
# By its id: a key is made of the number of a file, which others get when ours is gone.
no_object() {
    case $1 in
    ipc-msgqueue) kind=-q ;;
    ipc-shm) kind=-m ;;
    *) kind=-s ;;
    esac
    if [ -n "$2" ] && ipcs $kind | awk -v id="$2" '$2 == id { found = 1 } END { exit !found }'; then
        fail "left behind: $2"
    fi
    for object in /dev/shm/*-"$name"* /dev/mqueue/*-"$name"*; do
        if [ -e "$object" ]; then
            fail "left behind: $object"
        fi
    done
    # a POSIX queue is in no folder, where the file system of queues is not mounted
    if [ "$1" = ipc-msgqueue ] && ipc-msgqueue stat --api posix --name "$name" >"$scratch/stat" 2>&1; then
        cat "$scratch/stat" >&2
        fail "left behind: the POSIX queue of $name"
    fi
}

# kill_at_random_moments PROGRAM OPTIONS...: 50 times the producer, 50 times the consumer, 50 times
# both, in the middle of a transfer, with each OPTIONS in turn. The survivor exits 3 and names the
# dead, what arrived is a prefix, the next run works, and then nothing is left.
kill_at_random_moments() {
    program=$1
    shift
    moments=50
    [ -z "${SANITIZE:-}" ] || moments=10
    [ -p "$scratch/input" ] || mkfifo "$scratch/input"
    random_bytes 16000000 >"$scratch/file"
    for victim in producer consumer both; do
        for moment in $(od -An -v -N$((2 * moments)) -tu2 /dev/urandom); do
            options=$1
            shift
            set -- "$@" "$options"
            case $options in *--path*) ;; *) options="$options --name $name" ;; esac
            kill_at $((moment % 30))
        done
    done
    echo "3 x $moments moments"
}

kill_at() {
    rm -f "$scratch/out"
    # shellcheck disable=SC2086 # options are words
    {
        "$program" producer $options <"$scratch/input" 2>"$scratch/producer" &
        producer=$!
        started $producer
        "$program" consumer $options >"$scratch/out" 2>"$scratch/consumer" &
        consumer=$!
        started $consumer
    }
    exec 3>"$scratch/input"
    cat "$scratch/file" >&3 2>/dev/null &
    await test -s "$scratch/out"
    id=
    case $options in *sysv*) id=$("$program" stat --name "$name" | sed -n 's/^id  *//p') ;; esac
    sleep "0.0$(printf %02d "$1")"
    case $victim in
    producer)
        kill -KILL $producer
        ended 3 $consumer
        has "$scratch/consumer" "the producer \(pid $producer\) died"
        ;;
    consumer)
        kill -KILL $consumer
        ended 3 $producer
        has "$scratch/producer" "the consumer \(pid $consumer\) died"
        ;;
    both)
        kill -KILL $producer $consumer
        ;;
    esac
    exec 3>&-
    wait
    cmp -n "$(wc -c <"$scratch/out")" "$scratch/out" "$scratch/file" >&2 || fail "not a prefix"
    if [ "$victim" = both ]; then
        # shellcheck disable=SC2086 # options are words
        {
            echo again | "$program" producer -q $options &
            producer=$!
            run 0 "$program" consumer -q $options
        }
        ended 0 $producer
        [ "$(cat "$scratch/out")" = again ] || fail "the next run got something else"
    fi
    nothing_left
    no_object "$program" "$id"
}

# ends_clean PROGRAM OPTIONS: ended by signals, by a timeout, and a second one of a kind is refused.
ends_clean() {
    # shellcheck disable=SC2086 # options are words
    for role in producer consumer; do
        run 3 "$1" $role $2 --name "$name" --timeout 0.05 </dev/null
        nothing_left
        begin_side "$1" $role $2 --name "$name"
        run 1 "$1" $role $2 --name "$name" </dev/null
        has "$scratch/err" "pid $side"
        kill -TERM $side
        ended 143 $side
        exec 3>&-
        nothing_left
        no_object "$1" ''
    done
    # shellcheck disable=SC2086 # options are words
    run 1 "$1" producer $2 --name "$name" "$scratch/none"
    has "$scratch/err" 'none": No such file'
    nothing_left
}

# check_remove PROGRAM API: of what nobody uses; in use, and with the other family, it is refused.
check_remove() {
    run 1 "$1" remove --name "$name"
    begin_side "$1" producer --api "$2" --name "$name"
    run 1 "$1" remove --name "$name"
    has "$scratch/err" "$side"
    case $2 in sysv) other=posix ;; *) other=sysv ;; esac
    for role in stat remove; do
        run 1 "$1" $role --api $other --name "$name"
        has "$scratch/err" 'other family'
    done
    # killed, it leaves what it made: remove is for that
    kill -KILL "$side"
    ended 137 "$side"
    exec 3>&-
    id=
    [ "$2" != sysv ] || id=$("$1" stat --name "$name" | sed -n 's/^id  *//p')
    run 1 "$1" remove --api $other --name "$name"
    has "$scratch/err" 'other family'
    run 0 "$1" remove --api "$2" --name "$name"
    nothing_left
    no_object "$1" "$id"
    run 1 "$1" remove --name "$name"
}

# output_gone PROGRAM OPTIONS: a full standard output is exit 1, and then 3 on the other side.
output_gone() {
    [ -c /dev/full ] || return 0
    random_bytes 3000000 >"$scratch/some"
    # shellcheck disable=SC2086 # options are words
    {
        "$1" producer $2 --name "$name" "$scratch/some" 2>"$scratch/producer" &
        producer=$!
        started $producer
        got=0
        "$1" consumer $2 --name "$name" >/dev/full 2>"$scratch/err" || got=$?
    }
    [ $got -eq 1 ] || fail "exited $got, not 1"
    has "$scratch/err" 'standard output": No space left'
    ended 3 $producer
    nothing_left
    no_object "$1" ''
}
