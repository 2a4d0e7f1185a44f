// The main process of the proxy's container until it becomes HAProxy. Several containers of one proxy
// share the data volume while one replaces the other; only one of them answers, and the link
// `sockets/active` says which. A new one waits until it is told to take over, and then starts on the
// listening sockets of its predecessor (`-x`, management guide 3.6) where both are in one network. When the one that answers is dead,
// as after a crash or a restart of the daemon, whoever starts or waits takes its place by itself.
// A process is alive while it holds the lock in its folder: HAProxy inherits it, the kernel frees it.

/** Runs as `perl -e PROGRAM DATA RUNTIME BASE HAPROXY`. Needs what Debian's perl-base has. */
export const launcherProgram = String.raw`
use strict; use warnings;
use Fcntl qw(:flock); use POSIX ();
my ($data, $run, $base, $program) = @ARGV;
umask 077;
# It waits as process 1, to which signals come only if it asks for them.
$SIG{$_} = sub { exit 0 } for qw(TERM INT USR1);
$^F = 255;

sub folders { my ($path) = @_; my $at = '';
  for my $part (split m{/}, $path) { $at .= "$part/"; mkdir $at, 0700 unless -d $at; } }
# Answers undef when a living process holds it.
sub alive_lock { my ($folder) = @_;
  open my $file, '>>', "$folder/alive.lock" or return undef;
  return flock($file, LOCK_EX | LOCK_NB) ? $file : undef }
sub point { my ($to, $link) = @_;
  unlink "$link.new"; symlink $to, "$link.new" or die "link $link: $!\n";
  rename "$link.new", $link or die "link $link: $!\n" }

my $sockets = "$data/sockets";
folders($_) for "$data/routes", "$data/locks", $sockets, $run;
for my $file ("$data/sites.map", "$data/certificates.list") {
  next if -e $file; open my $new, '>>', $file or die "make $file: $!\n" }

open my $turn, '>>', "$data/locks/start.lock" or die "lock: $!\n"; flock $turn, LOCK_EX;
for my $folder (grep { -d } glob "$sockets/*") {
  next if -l $folder or not my $free = alive_lock($folder);
  unlink glob "$folder/*"; rmdir $folder }
my $token = sprintf '%x-%04x', time, int rand 65536;
my $own = "$sockets/$token";
mkdir $own, 0700 or die "make $own: $!\n";
my $alive = alive_lock($own) or die "lock $own: $!\n";
point($own, "$run/own");
# Sockets of another network namespace, as after a change of published ports, listen on its addresses.
my $network = readlink('/proc/self/ns/net') // '';
open my $note, '>', "$own/network" or die "note $own: $!\n"; print {$note} $network; close $note;
sub same_network { my ($other) = @_;
  open my $file, '<', "$sockets/$other/network" or return 0;
  return (readline($file) // '') eq $network }
# An active one that is dead is this one before a crash, or one that is gone for good.
sub claim {
  my $active = readlink("$sockets/active");
  return undef unless defined $active;
  my $free = -d "$sockets/$active" ? alive_lock("$sockets/$active") : 1;
  point($token, "$sockets/active") if $free;
  return $free ? '' : undef }
my $from = claim();
close $turn;

print STDERR "waits for its turn\n" unless defined $from;
for (my $round = 1; !defined $from; $round++) {
  select undef, undef, undef, 0.03;
  if (open my $file, '<', "$own/go") { $from = <$file>; chomp $from }
  elsif ($round % 50 == 0) {
    open $turn, '>>', "$data/locks/start.lock" and flock $turn, LOCK_EX or next;
    $from = claim(); close $turn }
}
$SIG{$_} = 'DEFAULT' for qw(TERM INT USR1);
# A name that nobody knows must not hold up a start or a reload for long.
$ENV{RES_OPTIONS} = 'timeout:1 attempts:1';
my @sockets = $from eq '' || !same_network($from) ? () : ('-x', "$sockets/$from/worker.sock");
exec { $program } $program, '-W', '-db', '-S', "$run/own/master.sock,mode,600",
  '-f', $base, '-f', "$data/routes", @sockets or die "$program: $!\n";
`;
