# Tries every way out of a member's sandbox, from inside one, as its user. Plain core Perl: it can open the sockets
# other languages hide. Arguments: one attempt each, fields joined by a bar: path|target|details…
# Answers one line per attempt: path, target, 0 or 1 (escaped), what was observed; tabs between.
# Only what answers from outside, or an object of the host in reach, is an escape; a refused call is not.
use strict;
use warnings;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 IPPROTO_TCP IPPROTO_UDP);
use Fcntl;
use Errno qw(ECONNREFUSED EINPROGRESS);

use constant { AF_NETLINK => 16, AF_PACKET => 17, AF_VSOCK => 40, SOCK_RAW_ANY => 3, SECONDS => 1 };
my $syscalls = $^O eq 'linux' && do { my $machine = (POSIX_machine()); $machine =~ /aarch64/ }
    ? { unshare => 97, io_uring_setup => 425 }
    : { unshare => 272, io_uring_setup => 425 };

sub POSIX_machine {
    # Field 18 of ELF headers names the processor: 62 is x86-64, 183 is arm64.
    open(my $self, '<:raw', '/proc/self/exe') or return '';
    read($self, my $header, 20);
    return unpack('v', substr($header, 18, 2)) == 183 ? 'aarch64' : 'x86_64';
}

$| = 1;
my @waiting;

sub report {
    my ($path, $target, $escaped, $observed) = @_;
    $observed =~ s/[^\x20-\x7e]/?/g;
    print join("\t", $path, $target, $escaped ? 1 : 0, substr($observed, 0, 160)), "\n";
}

sub address {
    my ($family, $host, $port) = @_;
    my $packed = inet_pton($family, $host);
    return $family == AF_INET ? pack_sockaddr_in($port, $packed) : pack_sockaddr_in6($port, $packed);
}

# A network attempt: `word` undefined means any answer, a refusal included, came from outside; else the canary's word must come back.
sub network {
    my ($path, $label, $family, $kind, $protocol, $host, $port, $send, $word) = @_;
    my $socket;
    unless (socket($socket, $family, $kind, $protocol)) {
        return report($path, $label, 0, "no socket: $!");
    }
    fcntl($socket, F_SETFL, O_NONBLOCK);
    unless (connect($socket, address($family, $host, $port)) or $! == EINPROGRESS) {
        return report($path, $label, !defined $word && $! == ECONNREFUSED, "connect: $!");
    }
    push @waiting, { path => $path, label => $label, socket => $socket, stream => $kind == SOCK_STREAM, send => $send, word => $word };
}

sub collect {
    my $end = time() + SECONDS + 1;
    while (@waiting && time() < $end) {
        my ($read, $write) = ('', '');
        for my $try (@waiting) {
            vec($read, fileno($try->{socket}), 1) = 1;
            vec($write, fileno($try->{socket}), 1) = 1 unless $try->{sent};
        }
        select($read, $write, undef, 0.1);
        my @still;
        for my $try (@waiting) {
            my $number = fileno($try->{socket});
            my ($done, $escaped, $observed) = (0, 0, '');
            if (!$try->{sent} && vec($write, $number, 1)) {
                my $error = unpack('i', getsockopt($try->{socket}, SOL_SOCKET, SO_ERROR));
                $! = $error;
                if ($error) {
                    ($done, $escaped, $observed) = (1, !defined $try->{word} && $error == ECONNREFUSED, "connect: $!");
                } elsif ($try->{stream} && !defined $try->{word}) {
                    ($done, $escaped, $observed) = (1, 1, 'connected');
                } else {
                    defined(send($try->{socket}, $try->{send}, 0)) or ($done, $observed) = (1, "send: $!");
                    $try->{sent} = 1;
                }
            } elsif ($try->{sent} && vec($read, $number, 1)) {
                my $bytes = sysread($try->{socket}, my $text, 512);
                if (!defined $bytes) {
                    ($done, $escaped, $observed) = (1, !defined $try->{word} && $! == ECONNREFUSED, "answer: $!");
                } elsif (defined $try->{word}) {
                    my $heard = index($text, $try->{word}) >= 0;
                    ($done, $escaped, $observed) = (1, $heard, $heard ? 'the canary answered' : 'something else answered');
                } else {
                    ($done, $escaped, $observed) = (1, 1, 'answered');
                }
            }
            if ($done) { report($try->{path}, $try->{label}, $escaped, $observed) } else { push @still, $try }
        }
        @waiting = @still;
    }
    report($_->{path}, $_->{label}, 0, 'no answer') for @waiting;
}

sub makes_socket {
    my ($path, $target, $family, $kind, $protocol) = @_;
    my $made = socket(my $socket, $family, $kind, $protocol);
    report($path, $target, $made, $made ? 'a socket was made' : "no socket: $!");
}

sub checksum {
    my ($packet) = @_;
    my $sum = 0;
    $sum += $_ for unpack('n*', $packet);
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub unix_socket {
    my ($path, $target, $name) = @_;
    socket(my $socket, AF_UNIX, SOCK_STREAM, 0) or return report($path, $target, 0, "no socket: $!");
    my $reached = connect($socket, pack_sockaddr_un($name));
    my $why = $reached ? 'connected' : "connect: $!";
    my @seen = $name =~ /^\0/ ? () : lstat($name);
    my $seen = @seen > 0;
    report($path, $target, $reached || $seen, $seen ? "visible; $why" : $why);
}

sub contains {
    my ($file, $word) = @_;
    open(my $handle, '<', $file) or return (0, "open: $!");
    my $text = do { local $/; <$handle> } // '';
    return index($text, $word) >= 0 ? (1, 'read the canary') : (0, 'another file');
}

my %try = (
    'ipv4-tcp' => sub { my ($target, $host, $port, $word) = @_; network('ipv4-tcp', $target, AF_INET, SOCK_STREAM, 0, $host, $port, "canary\n", $word) },
    'ipv4-udp' => sub { my ($target, $host, $port, $word) = @_; network('ipv4-udp', $target, AF_INET, SOCK_DGRAM, 0, $host, $port, "canary\n", $word) },
    'ipv6-tcp' => sub { my ($target, $host, $port, $word) = @_; network('ipv6-tcp', $target, AF_INET6, SOCK_STREAM, 0, $host, $port, "canary\n", $word) },
    'ipv6-udp' => sub { my ($target, $host, $port, $word) = @_; network('ipv6-udp', $target, AF_INET6, SOCK_DGRAM, 0, $host, $port, "canary\n", $word) },
    'undeclared-port' => sub { my ($target, $host, $port) = @_; network('undeclared-port', $target, AF_INET, SOCK_STREAM, 0, $host, $port, '', undef) },
    'undeclared-udp' => sub { my ($target, $host, $port) = @_; network('undeclared-udp', $target, AF_INET, SOCK_DGRAM, 0, $host, $port, 'x', undef) },
    # A query for the name "reflexe.invalid", type A.
    'dns' => sub {
        my ($target, $host) = @_;
        my $query = pack('nnnnnn', 0x5246, 0x0100, 1, 0, 0, 0) . "\x07reflexe\x07invalid\x00" . pack('nn', 1, 1);
        network('dns', "$target udp", AF_INET, SOCK_DGRAM, 0, $host, 53, $query, undef);
        network('dns', "$target tcp", AF_INET, SOCK_STREAM, 0, $host, 53, '', undef);
    },
    'icmp' => sub {
        my ($target, $host) = @_;
        my $echo = pack('CCnnn', 8, 0, 0, 0x5246, 1) . 'reflexe!';
        substr($echo, 2, 2) = pack('n', checksum($echo));
        for my $kind (SOCK_DGRAM, SOCK_RAW_ANY) {
            my $label = "$target " . ($kind == SOCK_DGRAM ? 'ping socket' : 'raw socket');
            network('icmp', $label, AF_INET, $kind, 1, $host, 0, $echo, undef);
        }
    },
    'raw-socket' => sub { makes_socket('raw-socket', $_[0], AF_INET, SOCK_RAW_ANY, 255) },
    'packet-socket' => sub { makes_socket('packet-socket', $_[0], AF_PACKET, SOCK_RAW_ANY, unpack('S', pack('n', 3))) },
    'vsock' => sub { makes_socket('vsock', $_[0], AF_VSOCK, SOCK_STREAM, 0) },
    'netlink' => sub { makes_socket('netlink', $_[0], AF_NETLINK, SOCK_RAW_ANY, 0) },
    'other-socket' => sub {
        my ($target) = @_;
        my @made = grep {
            my $family = $_;
            grep { socket(my $socket, $family, $_, 0) } (SOCK_STREAM, SOCK_DGRAM, SOCK_RAW_ANY, 5)
        } grep { $_ != AF_UNIX && $_ != AF_INET } 0 .. 63;
        report('other-socket', $target, scalar @made, @made ? "families @made" : 'none');
    },
    'unix-pathname' => sub { my ($target, $name) = @_; unix_socket('unix-pathname', $target, $name) },
    'unix-abstract' => sub { my ($target, $name) = @_; unix_socket('unix-abstract', $target, "\0$name") },
    'descriptors' => sub {
        my ($target) = @_;
        opendir(my $directory, '/proc/self/fd') or return report('descriptors', $target, 1, "cannot be listed: $!");
        my $own = fileno($directory);
        my @found = map { "$_ -> " . (readlink("/proc/self/fd/$_") // '?') }
            grep { /^\d+$/ && $_ > 2 && $_ != $own } readdir($directory);
        report('descriptors', $target, scalar @found, @found ? "@found" : 'only 0, 1 and 2');
    },
    'host-process' => sub {
        my ($target, $pid, $ticks) = @_;
        open(my $stat, '<', "/proc/$pid/stat") or return report('host-process', $target, 0, "open: $!");
        my $line = <$stat> // '';
        my $seen = (split(/ /, substr($line, rindex($line, ')') + 2)))[19] eq $ticks;
        report('host-process', $target, $seen, $seen ? 'visible' : 'another process');
    },
    # A file of the host by its path, and through the roots and folders of every process in sight.
    'host-file' => sub {
        my ($target, $file, $word) = @_;
        my @views = ('', map { ("$_/root", "$_/cwd") } glob('/proc/[0-9]*'));
        my ($escaped, $observed) = (0, '');
        for my $view (@views) {
            my ($found, $why) = contains("$view$file", $word);
            ($escaped, $observed) = ($found, $view eq '' ? $why : "$why through $view") if $found || $observed eq '';
            last if $found;
        }
        report('host-file', $target, $escaped, $observed);
    },
    'write-outside' => sub {
        my ($target, $folder) = @_;
        my $file = "$folder/.reflexe-probe-$$";
        my $made = sysopen(my $handle, $file, O_WRONLY | O_CREAT | O_EXCL);
        my $why = $made ? 'a file was written' : "open: $!";
        unlink($file) if $made;
        report('write-outside', $target, $made, $why);
    },
    'kernel-setting' => sub {
        my ($target, $file) = @_;
        my $opened = sysopen(my $handle, $file, O_WRONLY);
        report('kernel-setting', $target, $opened, $opened ? 'opened for writing' : "open: $!");
    },
    'namespace' => sub {
        my ($target, $kind, $host) = @_;
        my $own = readlink("/proc/self/ns/$kind") // '?';
        report('namespace', $target, $own eq $host, $own eq $host ? "shares the host's" : 'its own');
    },
    'privileges' => sub {
        my ($target) = @_;
        open(my $status, '<', '/proc/self/status') or return report('privileges', $target, 1, "cannot be read: $!");
        my %field = map { /^(\w+):\s*(.*)$/ ? ($1 => $2) : () } <$status>;
        my @wrong = grep { $field{$_} !~ /^0+$/ } qw(CapInh CapPrm CapEff CapBnd CapAmb);
        push @wrong, 'NoNewPrivs' unless $field{NoNewPrivs} eq '1';
        push @wrong, 'Seccomp' unless $field{Seccomp} eq '2';
        push @wrong, 'Uid' if $field{Uid} =~ /\b0\b/;
        push @wrong, 'Groups' if ($field{Groups} // '') =~ /\d/;
        report('privileges', $target, scalar @wrong, @wrong ? "kept: @wrong" : 'none');
    },
    'new-namespace' => sub {
        my ($target) = @_;
        my $pid = fork() // return report('new-namespace', $target, 0, "fork: $!");
        if ($pid == 0) { exit(syscall($syscalls->{unshare}, 0x10000000) == 0 ? 0 : 1) }
        waitpid($pid, 0);
        report('new-namespace', $target, $? == 0, $? == 0 ? 'a user namespace was made' : 'refused');
    },
    'io-uring' => sub {
        my ($target) = @_;
        my $made = syscall($syscalls->{io_uring_setup}, 1, my $parameters = "\0" x 120);
        report('io-uring', $target, $made >= 0, $made >= 0 ? 'a ring was made' : "refused: $!");
    },
);

# What was inherited is looked at before anything is opened.
for my $argument (sort { ($b =~ /^descriptors\|/) <=> ($a =~ /^descriptors\|/) } @ARGV) {
    my ($path, $target, @details) = split(/\|/, $argument);
    my $attempt = $try{$path};
    if ($attempt) { $attempt->($target, @details) } else { report($path, $target, 1, 'the probe knows no such path') }
}
collect();
print "end\n";
