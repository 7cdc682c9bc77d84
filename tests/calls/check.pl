# SPDX-License-Identifier: MIT
# check.pl SCREEN CALLS LIST PROGRAM FOLDER: whether what a role called is what its screen tells.
#
# Of the functions that LIST names, each call that was made from the source files in FOLDER must
# stand on the screen, per process and in that order, with its flags; if it failed, with the name of
# the error; and a result that is told must be the one it had. "write*" in LIST: one event
# may tell of several calls. And each other call of these functions that the screen tells was made.
use strict;
use warnings;
no warnings 'portable'; # hexadecimal numbers of 64 bits
use Config;
use Errno;

my ($screen_file, $calls_file, $list_file, $program, $folder) = @ARGV;

sub lines_of {
    open(my $file, '<', $_[0]) or die "$_[0]: $!\n";
    my @lines = <$file>;
    chomp @lines;
    return @lines;
}

# ---- what decides: flags by function and argument

my %open = (0100 => 'O_CREAT', 0200 => 'O_EXCL', 01000 => 'O_TRUNC', 02000 => 'O_APPEND',
            04000 => 'O_NONBLOCK');
my %message = (0x40 => 'MSG_DONTWAIT', 2 => 'MSG_PEEK', 0x100 => 'MSG_WAITALL', 0x20 => 'MSG_TRUNC',
               1 => 'MSG_OOB');
my %create = (01000 => 'IPC_CREAT', 02000 => 'IPC_EXCL');
my %control = (0 => 'IPC_RMID', 1 => 'IPC_SET', 2 => 'IPC_STAT');
my %family = (1 => 'AF_UNIX', 2 => 'AF_INET', 10 => 'AF_INET6');
my %type = (1 => 'SOCK_STREAM', 2 => 'SOCK_DGRAM', 5 => 'SOCK_SEQPACKET');
my $number = 0;
my %signal = map { $number++ => "SIG$_" } split ' ', $Config{sig_name};
delete @signal{grep { $_ == 0 || $_ > 31 } keys %signal};

# one of these values is the argument: its name
sub one_of { my ($names) = @_; return sub { exists $names->{$_[0]} ? $names->{$_[0]} : () } }
# any of these bits may be set in it
sub any_of { my ($names) = @_; return sub { my $v = $_[0]; map { $v & $_ ? $names->{$_} : () } sort keys %$names } }
my $access = one_of({0 => 'O_RDONLY', 1 => 'O_WRONLY', 2 => 'O_RDWR'});
my $opening = sub { ($access->($_[0] & 3), any_of(\%open)->($_[0])) };
my $making = sub { any_of(\%open)->($_[0] & 0300) };
my $socket = sub { (one_of(\%type)->($_[0] & 15), $_[0] & 04000 ? 'SOCK_NONBLOCK' : ()) };
my $shared = one_of({1 => 'PTHREAD_PROCESS_SHARED'});
my $masking = one_of({0 => 'SIG_BLOCK', 1 => 'SIG_UNBLOCK', 2 => 'SIG_SETMASK'});

my %decides = (
    open => {1 => $opening},
    shm_open => {1 => $opening}, mq_open => {1 => $opening}, sem_open => {1 => $making},
    fcntl => {1 => one_of({4 => 'F_SETFL', 1031 => 'F_SETPIPE_SZ', 1032 => 'F_GETPIPE_SZ'}),
              2 => sub { $_[1][1] == 4 ? any_of(\%open)->($_[0]) : () }},
    waitpid => {2 => any_of({1 => 'WNOHANG', 2 => 'WUNTRACED', 8 => 'WCONTINUED'})},
    poll => {5 => any_of({1 => 'POLLIN', 4 => 'POLLOUT'})},
    kill => {1 => one_of(\%signal)}, sigqueue => {1 => one_of(\%signal)},
    sigaction => {0 => one_of(\%signal),
                  5 => sub { (one_of({1 => 'SIG_DFL', 2 => 'SIG_IGN'})->($_[0] & 3),
                              any_of({0x10000000 => 'SA_RESTART', 4 => 'SA_SIGINFO'})->($_[0])) }},
    sigprocmask => {0 => sub { $_[1][1] == 0 ? () : $masking->($_[0]) }},
    msgget => {0 => one_of({0 => 'IPC_PRIVATE'}), 1 => any_of(\%create)},
    msgsnd => {3 => any_of({04000 => 'IPC_NOWAIT'})},
    msgrcv => {4 => any_of({04000 => 'IPC_NOWAIT', 010000 => 'MSG_NOERROR'})},
    msgctl => {1 => one_of(\%control)}, shmctl => {1 => one_of(\%control)},
    shmget => {0 => one_of({0 => 'IPC_PRIVATE'}), 2 => any_of(\%create)},
    shmat => {2 => any_of({010000 => 'SHM_RDONLY', 020000 => 'SHM_RND', 040000 => 'SHM_REMAP',
                           0100000 => 'SHM_EXEC'})},
    mmap => {2 => sub { $_[0] == 0 ? 'PROT_NONE'
                            : any_of({1 => 'PROT_READ', 2 => 'PROT_WRITE', 4 => 'PROT_EXEC'})->($_[0]) },
             3 => any_of({1 => 'MAP_SHARED', 2 => 'MAP_PRIVATE', 0x10 => 'MAP_FIXED',
                          0x20 => 'MAP_ANONYMOUS'})},
    mprotect => {2 => any_of({1 => 'PROT_READ', 2 => 'PROT_WRITE', 4 => 'PROT_EXEC'})},
    msync => {2 => any_of({4 => 'MS_SYNC', 1 => 'MS_ASYNC'})},
    semget => {0 => one_of({0 => 'IPC_PRIVATE'}), 2 => any_of(\%create)},
    semctl => {2 => one_of({%control, 12 => 'GETVAL', 13 => 'GETALL', 16 => 'SETVAL',
                            17 => 'SETALL'})},
    semop => {5 => any_of({04000 => 'IPC_NOWAIT', 010000 => 'SEM_UNDO'})},
    pthread_mutexattr_setpshared => {1 => $shared},
    pthread_mutexattr_settype => {1 => one_of({1 => 'PTHREAD_MUTEX_RECURSIVE',
                                               2 => 'PTHREAD_MUTEX_ERRORCHECK'})},
    pthread_mutexattr_setrobust => {1 => one_of({1 => 'PTHREAD_MUTEX_ROBUST'})},
    socket => {0 => one_of(\%family), 1 => $socket}, socketpair => {0 => one_of(\%family), 1 => $socket},
    setsockopt => {2 => one_of({2 => 'SO_REUSEADDR', 15 => 'SO_REUSEPORT', 7 => 'SO_SNDBUF',
                                8 => 'SO_RCVBUF', 18 => 'SO_RCVLOWAT', 13 => 'SO_LINGER',
                                20 => 'SO_RCVTIMEO', 21 => 'SO_SNDTIMEO'})},
    shutdown => {1 => one_of({0 => 'SHUT_RD', 1 => 'SHUT_WR', 2 => 'SHUT_RDWR'})},
    send => {3 => any_of(\%message)}, recv => {3 => any_of(\%message)},
    sendto => {3 => any_of(\%message)}, recvfrom => {3 => any_of(\%message)},
    sendmsg => {2 => any_of(\%message)}, recvmsg => {2 => any_of(\%message)},
);
# what these return is not what a screen tells of them
my %returns_other = map { $_ => 1 } qw(sem_getvalue sem_open shmat mmap ftok fork getsockname getpeername);

# ---- the list and the calls

my (%listed, %repeats);
for (grep { !/^\s*(#|$)/ } lines_of($list_file)) {
    s/\s+$//;
    $repeats{$_} = 1 if s/\*$//;
    $listed{$_} = 1;
}
exit 0 unless %listed; # a lesson about stores and loads
my %error_names = map { Errno->can($_)->() => $_ } grep { $_ ne 'EWOULDBLOCK' && Errno->can($_) }
    @Errno::EXPORT_OK;
my (@calls, %address);
for (sort { ($a =~ /^(\d+)/)[0] <=> ($b =~ /^(\d+)/)[0] } lines_of($calls_file)) {
    my (undef, $process, $thread, $name, $callers, @rest) = split ' ';
    next unless $listed{$name};
    my $error = pop @rest;
    my $text = pop @rest;
    pop @rest;
    my @arguments = map { hex } @rest;
    my $result = hex($text) & 0xffffffff;
    my $failed = $text =~ /^f*ffffffff$/ || ($name eq 'sem_open' && $result == 0);
    $result -= 2**32 if $result > 0x7fffffff && !$returns_other{$name};
    my @flags;
    for my $argument (sort keys %{$decides{$name} || {}}) {
        push @flags, $decides{$name}{$argument}->($arguments[$argument] & 0xffffffff, \@arguments);
    }
    ($failed, $error) = ($result != 0, $result) if $name =~ /^pthread_/;
    push @calls, {process => $process, thread => $thread, name => $name,
                  callers => [split /,/, $callers],
                  flags => \@flags, result => $result, failed => $failed, error => $error_names{$error} // $error};
    $address{$_} = undef for split /,/, $callers;
}
die "no call of these functions was seen\n" unless @calls;
my @addresses = sort keys %address;
open(my $found, '-|', 'addr2line', '-fe', $program, map { "0x$_" } @addresses) or die "addr2line: $!\n";
my @places = <$found>;
for my $i (0 .. $#addresses) { # the function, and its source file
    my ($function, $file) = @places[2 * $i, 2 * $i + 1];
    chomp $function;
    $address{$addresses[$i]} = [$function, $file =~ m{([^/]+/[^/]+):} ? $1 : ''];
}
# functions of the library that only make such a call for whoever calls them
my %makes_calls = map { $_ => 1 } qw(read_some write_some read_full write_full wait_ready
    shared_memory reap_child narrate_wait);
for my $call (@calls) {
    my @callers = map { $address{$_} } @{$call->{callers}};
    shift @callers while @callers > 1 && $makes_calls{$callers[0][0]};
    $call->{ours} = $callers[0][1] =~ m{^\Q$folder\E/};
}
die "addr2line names no source file: was it built with -g1?\n" unless grep { $_->{ours} } @calls;

# ---- the screen: events of each process

my ($right_from, %events, %open_event, @last, %process_of, @all);
my @screen = lines_of($screen_file);
for my $line (@screen) {
    if ($line =~ /^   ms   /) {
        $right_from = length $line > 41 && substr($line, 40, 1) eq ' ' ? 41 : undef;
        next;
    }
    my $timed = $line =~ /^[ \d.]{6}  / && $line =~ /^ *\d/;
    next unless $timed || $line =~ /^ {8}/;
    my @texts = (substr($line, 8));
    @texts = (substr($line, 8, 32), length $line > 41 ? substr($line, 41) : '') if defined $right_from;
    for my $column (0 .. $#texts) {
        my $text = $texts[$column];
        $text =~ s/^\|?\s+|^\|$|\s+$//g;
        next if $text eq '';
        if (!$timed) {
            $last[$column]{text} .= " $text" if $last[$column];
            next;
        }
        my $label = $text =~ s/^(\[\d+\]) // ? $1 : '';
        my $key = "$column$label";
        if ($text =~ s/^'= /= / && $open_event{$key}) {
            $last[$column] = delete $open_event{$key};
            $last[$column]{text} =~ s/ \.\.\.$//;
            $last[$column]{text} .= " $text";
            next;
        }
        my $event = {text => $text, key => $key};
        $last[$column] = $event;
        $open_event{$key} = $event if $text =~ /\.\.\.$/;
        push @{$events{$key}}, $event;
        push @all, $event;
    }
}
for my $event (@all) {
    $process_of{$1} = $event->{key} if $event->{text} =~ /fork\(\) = 0\s+I am (\d+)/;
}
# the first process has the other column than its children; or both, where none is told of
my $children_left = grep { /^0/ } values %process_of;
$process_of{$calls[0]{process}} //= $children_left ? '1' : '0' if %process_of;

# ---- each call stands there

my $wrong = 0;
sub complain { print STDERR "$_[0]\n" if ++$wrong <= 12 }

sub words { my ($call) = @_;
    return "$call->{name}(" . join('|', @{$call->{flags}}) . ") = $call->{result}" .
        ($call->{failed} ? " $call->{error}" : '');
}

# Where in the text, from that character on, this call stands; -1 if it does not.
sub found { my ($text, $from, $call) = @_;
    return -1 if $from > length $text;
    while (substr($text, $from) =~ /\b\Q$call->{name}\E\(/) {
        my $at = $from + $-[0];
        my $rest = substr($text, $at);
        my $fits = 1;
        $fits &&= $rest =~ /\b\Q$_\E\b/ for @{$call->{flags}};
        $fits &&= $rest =~ /\b$call->{error}\b/ if $call->{failed};
        $fits &&= $1 == $call->{result}
            if !$repeats{$call->{name}} && !$returns_other{$call->{name}} && $rest =~ /\) = (-?\d+)\b/;
        return $at + 1 if $fits;
        $from = $at + 1;
    }
    return -1;
}

my (%at, %told, %next_of);
for my $call (reverse @calls) { # a call that a signal interrupted is made again, and told once
    my $next = $next_of{$call->{thread}};
    $call->{ours} &&= !($call->{error} eq 'EINTR' && $call->{failed} && $next &&
                        $next->{name} eq $call->{name});
    $next_of{$call->{thread}} = $call if $call->{ours};
}
for my $call (grep { $_->{ours} } @calls) {
    my $key = $process_of{$call->{process}};
    my $list = defined $key && $events{$key} ? $events{$key} : \@all;
    my ($event, $character) = @{$at{$call->{thread}} || [0, 0]};
    if ($repeats{$call->{name}}) { # of several that one event tells, or two, in turns
        $event-- if $event > 0;
        $character = 0;
    }
    my $found = -1;
    for (; $event < @$list; $event++, $character = 0) {
        last if ($found = found($list->[$event]{text}, $character, $call)) != -1;
    }
    if ($found == -1) {
        complain("process $call->{process} called " . words($call) . ', and the screen does not tell');
        next;
    }
    $told{$list->[$event]} = 1;
    $at{$call->{thread}} = [$event, $repeats{$call->{name}} ? $found - 1 : $found];
}

# ---- and what stands there was called

for my $event (@all) {
    my ($name) = $event->{text} =~ /^(\w+)\(/;
    next unless defined $name && $listed{$name} && !$repeats{$name} && !$told{$event};
    complain("told, and never called so: $event->{text}")
        unless grep { $_->{name} eq $name && found($event->{text}, 0, $_) != -1 } @calls;
}
exit($wrong ? 1 : 0);
