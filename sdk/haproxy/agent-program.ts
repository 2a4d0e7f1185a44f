// The program that runs inside the proxy's container for the length of one change. It needs only
// what Debian's perl-base has, since every Debian image carries that and few carry more.
// A request is a line `NAME LENGTH...` and then the arguments' bytes, so that nothing is quoted and
// nothing appears in a process list; an answer is `ok LENGTH` or `no LENGTH` and its bytes.
// It ends when its input ends, and its locks with it: a caller that died leaves nothing locked.

/** Runs as `perl -e PROGRAM DATA RUNTIME`. */
export const agentProgram = String.raw`
use strict; use warnings;
use Fcntl qw(:flock); use IO::Handle; use IO::Socket::UNIX; use Socket; use IO::Socket::INET; use IO::Select;
my ($data, $run) = @ARGV;
my ($sockets, $lock_folder) = ("$data/sockets", "$data/locks");
umask 077;
$SIG{PIPE} = 'IGNORE';
$ENV{RES_OPTIONS} = 'timeout:1 attempts:2';
binmode STDIN; binmode STDOUT; STDOUT->autoflush(1);
my %locks;

sub answer { my ($word, $bytes) = @_; print STDOUT $word, ' ', length($bytes), "\n", $bytes; }
sub folders { my ($path) = @_; my $at = '';
  for my $part (split m{/}, $path) { $at .= "$part/"; mkdir $at, 0700 unless -d $at; } }

# Reads until the end, $enough($text) or the time is over; says which by undef for the last.
sub drink { my ($from, $limit, $enough) = @_;
  my ($text, $until, $select) = ('', time + $limit + 1, IO::Select->new($from));
  while (1) {
    my $left = $until - time;
    return undef if $left <= 0 or not $select->can_read($left);
    my $got = sysread $from, $text, 65536, length $text;
    return $text if not $got or $enough->($text);
  } }

# The name of this container's process among those that share the volume.
sub own { my ($name) = (readlink("$run/own") // '') =~ m{([^/]+)$}; return $name // '' }
sub is_active { return (readlink("$sockets/active") // '') eq own() }
sub is_alive { my ($folder) = @_; open my $file, '<', "$folder/alive.lock" or return 0;
  return flock($file, LOCK_SH | LOCK_NB) ? 0 : 1 }
sub ask { my ($socket, $line) = @_;
  my $peer = IO::Socket::UNIX->new(Peer => $socket) or die "connect $socket: $!\n";
  $peer->autoflush(1); print {$peer} "$line\n"; shutdown $peer, 1;
  my $text = drink($peer, 10, sub { 0 });
  die "no answer within 10 s\n" unless defined $text;
  return $text }
sub point { my ($to, $link) = @_;
  unlink "$link.new"; symlink $to, "$link.new" or die "link $link: $!\n";
  rename "$link.new", $link or die "link $link: $!\n" }

my %commands = (
  lock => sub { my ($name, $how) = @_;
    return 'held' if $locks{$name};
    folders($lock_folder);
    open my $file, '>>', "$lock_folder/$name.lock" or die "open lock $name: $!\n";
    return 'busy' unless flock $file, LOCK_EX | LOCK_NB;
    # One that waited for it while another took over must not change what no longer answers.
    return 'moved' if $how eq 'active' and not is_active();
    $locks{$name} = $file; return 'held' },
  unlock => sub { my ($name, $how) = @_; delete $locks{$name}; return '' },
  talk => sub { my ($line, $peer) = @_;
    return ask(length $peer ? "$sockets/$peer/master.sock" : "$run/own/master.sock", $line) },
  # Others that live and have answered: a predecessor, until its last connection is done.
  peers => sub { my $own = own();
    return join ' ', grep { $_ ne $own and -S "$sockets/$_/master.sock" and is_alive("$sockets/$_") }
      map { m{([^/]+)$} } grep { !-l } glob "$sockets/*" },
  # Whether this one answers, or who does.
  active => sub { return 'own' if is_active(); return readlink("$sockets/active") // '' },
  # In one go, as a caller may be gone at any moment: this one starts on the predecessor's sockets;
  # once it serves, it is the active one and the predecessor's listeners close.
  takeover => sub { my ($limit, $description) = @_;
    # It served once, and its listeners are closed for good.
    return 'restart' if -S "$run/own/master.sock";
    my $from = readlink("$sockets/active") // '';
    my $old = length $from && is_alive("$sockets/$from") && -S "$sockets/$from/worker.sock";
    $from = '' unless $old;
    my $file; open $file, '>', "$run/own/go.new" and print {$file} "$from\n" and close $file
      and rename "$run/own/go.new", "$run/own/go" or die "write go: $!\n";
    my ($until, $said) = (time + $limit, 'nothing');
    while (1) {
      $said = eval { ask("$run/own/master.sock", '@1 show info') } // $@;
      last if $said =~ /^description: \Q$description\E$/m;
      # Not within its time: told to go again, it would start too late and unseen.
      if (time >= $until) { unlink "$run/own/go"; die "it does not serve: $said\n" }
      select undef, undef, undef, 0.05;
    }
    point(own(), "$sockets/active");
    return '' unless $old;
    ask("$sockets/$from/master.sock", '@1 shutdown frontend http');
    return $from },
  read => sub { my ($path) = @_;
    open my $file, '<:raw', $path or return $!{ENOENT} ? '-' : die "read $path: $!\n";
    local $/; my $text = <$file>; return '+' . (defined $text ? $text : '') },
  names => sub { my ($path) = @_;
    opendir my $folder, $path or return '';
    return join "\n", sort grep { !/^\./ } readdir $folder },
  folder => sub { my ($path, $suffix) = @_;
    opendir my $folder, $path or return '';
    my $all = '';
    for my $name (sort grep { !/^\./ and /\Q$suffix\E$/ } readdir $folder) {
      open my $file, '<:raw', "$path/$name" or next;
      local $/; my $text = <$file>; $text = '' unless defined $text;
      $all .= length($text) . " $name\n$text";
    }
    return $all },
  write => sub { my ($path, $bytes) = @_;
    my ($folder, $name) = $path =~ m{^(.*)/([^/]+)$} or die "write: no folder in $path\n";
    folders($folder);
    my $new = "$folder/.$name.new";
    open my $file, '>:raw', $new or die "write $path: $!\n";
    print {$file} $bytes and $file->flush and $file->sync and close $file
      or die "write $path: $!\n";
    rename $new, $path or die "write $path: $!\n";
    return '' },
  delete => sub { my ($path) = @_;
    unlink $path or $!{ENOENT} or die "delete $path: $!\n"; return '' },
  run => sub { my ($limit, @argv) = @_;
    my $pid = open my $out, '-|';
    die "fork: $!\n" unless defined $pid;
    if (!$pid) { open STDERR, '>&', \*STDOUT; open STDIN, '<', '/dev/null';
      exec { $argv[0] } @argv or do { print "$argv[0]: $!\n"; exit 127 } }
    my $text = drink($out, $limit, sub { 0 });
    kill 'KILL', $pid unless defined $text;
    close $out;
    die "$argv[0] did not end within $limit s\n" unless defined $text;
    return ($? >> 8) . "\n$text" },
  resolve => sub { my ($host) = @_;
    my @found = gethostbyname $host;
    return join ' ', map { inet_ntoa($_) } @found[4 .. $#found] },
  probe => sub { my ($address, $port, $request, $limit) = @_;
    my $peer = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Proto => 'tcp',
      Timeout => $limit) or return "no connection: " . ($@ =~ s/^.*: //r);
    return 'connected' unless length $request;
    $peer->autoflush(1); print {$peer} $request;
    my $text = drink($peer, $limit, sub { $_[0] =~ /\n/ });
    return 'no answer' unless defined $text and length $text;
    return substr $text, 0, 200 },
);

answer('ok', 'ready');
while (defined(my $line = <STDIN>)) {
  my ($name, @lengths) = split ' ', $line;
  my @arguments;
  for my $length (@lengths) {
    my $bytes = '';
    if ($length) { (read(STDIN, $bytes, $length) // 0) == $length or exit 0; }
    push @arguments, $bytes;
  }
  my $command = $commands{$name};
  my $result = eval { ($command or die "no command $name\n")->(@arguments) };
  if ($@) { my $why = $@; chomp $why; answer('no', $why) } else { answer('ok', $result) }
}
`;
