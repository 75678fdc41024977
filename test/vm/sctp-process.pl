# sctp-process.pl serve ADDRESS PORT: prints "ready", then tells each caller by SCTP the address that it came from.
# sctp-process.pl ask ADDRESS PORT: prints what it is told. Node.js has no SCTP, and perl-base is on every Debian.
use strict;
use Socket qw(:all);

my ($role, $address, $port) = @ARGV;
my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
my $pack = sub {
  my $packed = inet_pton($family, $address);
  return $family == AF_INET6 ? pack_sockaddr_in6($port, $packed) : pack_sockaddr_in($port, $packed);
};
my $said = sub {
  my ($peer) = @_;
  my @parts = $family == AF_INET6 ? unpack_sockaddr_in6($peer) : unpack_sockaddr_in($peer);
  return inet_ntop($family, $parts[1]);
};

socket(my $socket, $family, SOCK_STREAM, 132) or die "socket: $!";
$SIG{ALRM} = sub { exit 1 };
if ($role eq "serve") {
  bind($socket, $pack->()) or die "bind: $!";
  listen($socket, 8) or die "listen: $!";
  syswrite(STDOUT, "ready\n");
  while (my $peer = accept(my $caller, $socket)) {
    syswrite($caller, $said->($peer) . "\n");
    close($caller);
  }
} else {
  alarm(10);
  connect($socket, $pack->()) or exit 1;
  sysread($socket, my $text, 100);
  print $text;
}
