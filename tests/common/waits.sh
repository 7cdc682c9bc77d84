# SPDX-License-Identifier: MIT
# Every file of the source that waits for another process, or for the kernel, stands in the table of
# waits (tests/faults/waits): who ends that wait, and what if he dies right before.
. "$SOURCE/tests/harness.sh"
command -v perl >/dev/null || skip "no perl, which reads the source"

cd "$SOURCE" || exit 1
cat tests/faults/waits/*.md >"$scratch/table"
perl -e '
    my $calls = join "|", qw(poll epoll_wait nanosleep sleep_for pause sigsuspend sigwait sigwaitinfo sigtimedwait
        wait_ready read_some read_full read_input read write_full write_some sem_wait sem_timedwait
        semop msgrcv msgsnd mq_receive mq_send accept connect recv recvfrom recvmsg send sendto
        sendmsg waitpid waitid reap_child reap_successful reap_children narrate_wait pass_gate
        sleep_while pthread_join pthread_mutex_lock await_sleep posix_fallocate);
    open my $table, "<", shift or die;
    my %listed;
    while (<$table>) {
        my ($where) = /^\|([^|]*)\|/ or next;
        my $folder = "";
        for my $word ($where =~ m{[\w/-]+\.c\b}g) {
            $folder = $1 if $word =~ s{^(.*)/}{};
            $listed{"src/$folder/$word"} = 1;
        }
    }
    for my $file (@ARGV) {
        open my $in, "<", $file or die "$file: $!";
        local $/;
        my $text = <$in>;
        $text =~ s{/\*.*?\*/|"(\\.|[^"\\])*"}{}gs;
        print "$file waits, and stands in no row\n"
            if $text =~ /^\s.*(?<![\w>.])($calls)\s*\(/m && !$listed{$file};
    }' "$scratch/table" src/*/*.c >"$scratch/out"
[ ! -s "$scratch/out" ] || fail "the table of waits is not complete"
