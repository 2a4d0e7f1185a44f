// A door to a socket that the login user may not open: root listens on a socket in a folder of that
// user's and passes on what comes. Each connection is then an ordinary forwarded one, of which sshd
// allows any number, where commands are limited. Perl does it: a bare Debian has that, and no socat.

import { ErrorCode, SdkError } from "../errors.ts";
import { SshError, SshProblem } from "./errors.ts";
import { createLines } from "./output.ts";
import type { Sink } from "./worker.ts";

/** Ends with its lifeline, as every script does; the folder goes with it. */
const program = `use strict; use warnings; use Socket; use IO::Select;
my ($to, $folder, $user) = @ARGV;
my $at = "$folder/socket";
sub clean { unlink $at; rmdir $folder; }
$SIG{TERM} = $SIG{HUP} = sub { clean(); exit 0 };
$SIG{CHLD} = "IGNORE"; $SIG{PIPE} = "IGNORE";
my ($uid, $gid) = (getpwnam $user)[2, 3]; defined $uid or die "no user $user\\n";
socket(my $door, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!\\n";
umask 0177; bind($door, pack_sockaddr_un($at)) or die "bind: $!\\n";
listen($door, 128) or die "listen: $!\\n";
chown $uid, $gid, $at, $folder; $| = 1; print "$at\\n";
while (1) {
  accept(my $in, $door) or next;
  my $child = fork; if (!defined $child) { close $in; next }
  if ($child) { close $in; next }
  close $door; $SIG{TERM} = "DEFAULT";
  socket(my $out, PF_UNIX, SOCK_STREAM, 0) or exit 1;
  connect($out, pack_sockaddr_un($to)) or exit 1;
  my %other = (fileno($in) => $out, fileno($out) => $in);
  my $open = IO::Select->new($in, $out);
  while ($open->count) {
    for my $side ($open->can_read) {
      my $n = sysread($side, my $bytes, 65536);
      my $peer = $other{fileno $side};
      if (!$n) { $open->remove($side); shutdown($peer, 1); next }
      my $sent = 0;
      while ($sent < $n) {
        my $w = syswrite($peer, $bytes, $n - $sent, $sent); defined $w or exit 1; $sent += $w;
      }
    }
  }
  exit 0;
}`;

const codes = { absent: 45, perl: 46 } as const;

/** Socket path, login user. */
const script = `[ -S "$1" ] || exit ${codes.absent}
command -v perl >/dev/null || exit ${codes.perl}
folder=$(mktemp -d /tmp/.dockwright.XXXXXX) || exit 1
exec perl -e '${program}' "$1" "$folder" "$2"`;

const openTimeoutMs = 20_000;

type Start = (
  sinks: { readonly stdout: Sink; readonly stderr: Sink },
  script: string,
) => Promise<number>;

/** Settles with the path that the login user can reach; `onEnd` when that is no more. */
export async function openRelay(
  label: string,
  socketPath: string,
  start: Start,
  onEnd: () => void,
): Promise<string> {
  let said = "";
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const words = `no way to ${socketPath} on ${label} within ${openTimeoutMs} ms`;
      reject(new SdkError(ErrorCode.Timeout, words));
    }, openTimeoutMs);
    const lines = createLines((line) => {
      clearTimeout(timer);
      resolve(line);
    });
    const stderr = {
      write: (chunk: Buffer) => {
        said = (said + chunk.toString("utf8")).slice(-1000);
      },
    };
    start({ stdout: lines, stderr }, script)
      .then((code) => reject(relayError(label, socketPath, code, said)), reject)
      .finally(() => {
        clearTimeout(timer);
        onEnd();
      });
  });
}

function relayError(label: string, socketPath: string, code: number, said: string): SshError {
  if (code === codes.absent) {
    const words = `there is no socket ${socketPath} on ${label}`;
    const fix = "start what listens there: for Docker, install it and start its daemon";
    const cause = Object.assign(new Error(words), { code: "ENOENT" });
    return new SshError(SshProblem.Channel, words, { fix, cause });
  }
  const words =
    code === codes.perl
      ? "the login user may not open it, and there is no perl to open it as root"
      : said.trim() || `exit code ${code}`;
  return new SshError(SshProblem.Channel, `no way to ${socketPath} on ${label}: ${words}`, {
    fix: "let the user open the socket (for Docker: group docker), or log in as root",
  });
}
