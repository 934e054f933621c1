# The gateway of one member: runs in its network namespace and in a sandbox of its own, listens on one Unix socket per
# open port, in the one host folder it sees, and passes bytes to the member's loopback. It reads nothing of them.
# Arguments: the folder, then the ports. Says `ready` once, and nothing more: its reader may be gone.
use strict;
use warnings;
use Socket qw(:DEFAULT IPPROTO_TCP TCP_NODELAY);
use Fcntl;
use Errno qw(EAGAIN EINTR EINPROGRESS);

# Read from one side only once the other side has taken what was read before: a slow client slows its service.
use constant CHUNK => 262_144;
# `select` counts descriptors up to 1,023; beyond this many connections, new ones are closed at once.
use constant CONNECTIONS_MAX => 480;

my ($folder, @ports) = @ARGV;
$SIG{PIPE} = 'IGNORE';
umask 0177;

my (%listener, %side);
my ($reading, $writing) = ('', '');

for my $port (@ports) {
    socket(my $socket, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
    bind($socket, pack_sockaddr_un("$folder/$port")) or die "$folder/$port: $!\n";
    listen($socket, 1024) or die "listen: $!\n";
    fcntl($socket, F_SETFL, O_NONBLOCK);
    $listener{ fileno $socket } = { socket => $socket, port => $port };
    vec($reading, fileno $socket, 1) = 1;
}
syswrite(STDOUT, "ready\n");
open(STDOUT, '>', '/dev/null');

sub meet {
    my ($listening) = @_;
    accept(my $client, $listening->{socket}) or return;
    return if keys(%side) >= 2 * CONNECTIONS_MAX;
    socket(my $member, AF_INET, SOCK_STREAM, 0) or return;
    fcntl($_, F_SETFL, O_NONBLOCK) for $client, $member;
    setsockopt($member, IPPROTO_TCP, TCP_NODELAY, 1);
    connect($member, pack_sockaddr_in($listening->{port}, INADDR_LOOPBACK)) or $! == EINPROGRESS or return;
    my ($one, $other) = (fileno $client, fileno $member);
    # `waiting`: bytes read here that the other side has not taken yet.
    $side{$one} = { socket => $client, other => $other, waiting => '' };
    $side{$other} = { socket => $member, other => $one, waiting => '' };
    vec($reading, $_, 1) = 1 for $one, $other;
}

sub part {
    my ($number) = @_;
    for my $end ($number, $side{$number}{other}) {
        vec($reading, $end, 1) = vec($writing, $end, 1) = 0;
        close(delete($side{$end})->{socket});
    }
}

sub take {
    my ($number) = @_;
    my $from = $side{$number};
    my $bytes = sysread($from->{socket}, $from->{waiting}, CHUNK);
    if (!defined $bytes) { part($number) unless $! == EAGAIN || $! == EINTR; return }
    $from->{ended} = 1 if $bytes == 0;
    vec($reading, $number, 1) = 0;
    give($number);
}

# Passes on what was read at `number`; goes on reading there once it is all taken, and passes on its end.
sub give {
    my ($number) = @_;
    my $from = $side{$number};
    my $to = $side{ $from->{other} };
    if (length $from->{waiting}) {
        my $bytes = syswrite($to->{socket}, $from->{waiting});
        if (!defined $bytes) { return part($number) unless $! == EAGAIN || $! == EINTR; $bytes = 0 }
        substr($from->{waiting}, 0, $bytes) = '';
    }
    my $more = length $from->{waiting};
    vec($writing, $from->{other}, 1) = $more ? 1 : 0;
    return if $more;
    if (!$from->{ended}) { vec($reading, $number, 1) = 1; return }
    shutdown($to->{socket}, 1);
    $from->{passed} = 1;
    part($number) if $to->{passed};
}

while (1) {
    my $found = select(my $readable = $reading, my $writable = $writing, undef, undef);
    next if $found <= 0;
    meet($listener{$_}) for grep { vec($readable, $_, 1) } keys %listener;
    for my $number (keys %side) {
        give($side{$number}{other}) if $side{$number} && vec($writable, $number, 1);
        take($number) if $side{$number} && vec($readable, $number, 1);
    }
}
