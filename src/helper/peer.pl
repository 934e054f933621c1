# Says who opened the connection on descriptor 3: process, user and group, as the kernel noted them when it connected.
# SOL_SOCKET is 1 and SO_PEERCRED 17 on every processor Reflexe runs on (asm-generic/socket.h; unix(7)).
use strict;
use warnings;

open(my $connection, '<&=', 3) or die "descriptor 3: $!\n";
my $peer = getsockopt($connection, 1, 17) or die "SO_PEERCRED: $!\n";
die "a peer of another shape\n" unless length $peer == 12;
print join(' ', unpack('lLL', $peer)), "\n";
