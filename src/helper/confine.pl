# The helper's own first step: gives up what it never needs, for itself and all it starts, then becomes it again.
# Arguments: this processor's number of prctl(2), the filter in hexadecimal (struct sock_filter[]), and the command.
use strict;
use warnings;

use constant { PR_SET_SECCOMP => 22, SECCOMP_MODE_FILTER => 2, PR_SET_NO_NEW_PRIVS => 38 };    # linux/prctl.h, seccomp.h

my ($prctl, $hex, @command) = @ARGV;
my $filter = pack('H*', $hex);
# struct sock_fprog: how many instructions, and where they are.
my $program = pack('S x!8 P', length($filter) / 8, $filter);
syscall($prctl + 0, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\n";
syscall($prctl + 0, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, $program) == 0 or die "seccomp: $!\n";
%ENV = ();
{ exec { $command[0] } @command }
die "$command[0]: $!\n";
