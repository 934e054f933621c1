# The last step before a sandbox, in the namespace of its member: wait for the helper's word, which comes only once this
# very process is recorded; end without it (the helper is gone); then pass on no descriptor but those asked for.
# Arguments: the descriptors to keep, joined by commas, and the command.
use strict;
use warnings;

my ($kept, @command) = @ARGV;
my $word;
exit 75 unless sysread(STDIN, $word, 1);
open(STDIN, '<', '/dev/null') or die "stdin: $!\n";

my %keep = map { $_ => 1 } (0, 1, 2, split(/,/, $kept));
opendir(my $directory, '/proc/self/fd') or die "descriptors: $!\n";
my @open = grep { /^\d+$/ } readdir($directory);
closedir($directory);
for my $number (@open) {
    next if $keep{$number};
    if (open(my $handle, '<&=', $number)) { close($handle) }
}
umask 077;
%ENV = ();
{ exec { $command[0] } @command }
die "$command[0]: $!\n";
