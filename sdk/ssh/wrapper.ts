// What runs on the far side, and runs scripts there one after the other. It is the same text each
// time, so that a process list shows nothing: script, arguments and input come through standard
// input, into a file that has no name any more, and a script starts only once all of it is there.
// Standard input is a lifeline besides: when it ends (cancelled, timed out, connection gone), the
// script's whole process group is ended, first asked and then made to: closing a channel ends no
// process, and sshd passes signals on only sometimes. Needs sh, coreutils and setsid.

/** Both streams begin with this line: what came before is the login shell's own talk. */
export const beginMark = "dockwright-begins";
/** The wrapper's own exit codes, for what no script has any part in. */
export const wrapperCodes = { cut: 97, noTemporaryFile: 98, stopped: 143 } as const;
/** Bytes from which on input goes to the disk's temporary folder and not to memory. */
const memoryBytes = 16 * 1024 * 1024;
/** Tenths of a second between asking a group to end and making it. */
const graceTenths = 50;

/** Reads the script's bytes from standard input, of which then the script's own input is left. */
const inner = `s=$(dd bs="$1" count=1 iflag=fullblock 2>/dev/null; echo x); shift; eval "\${s%x}"`;

// A line that is no header is skipped: a password that sudo did not ask for. The watcher reads by
// itself, not by a program: one that outlives it would take the next script's bytes. Whatever a
// script left running in its group may still write: no other script then comes after it here. A script
// that is stopped before it has a group of its own is stopped by itself.
const wrapper = `cd /
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
export PATH HOME LANG; unset LC_ALL LANGUAGE
take() {
[ "$1" -lt 65536 ] || dd bs=65536 count=$(($1 / 65536)) iflag=fullblock
[ $(($1 % 65536)) = 0 ] || dd bs=$(($1 % 65536)) count=1 iflag=fullblock
} 2>/dev/null
exec 3<&0
echo ${beginMark}; echo ${beginMark} >&2
while IFS=" " read -r k t n m; do
[ "$k" = dockwright-run ] || continue
umask 077
d=/dev/shm; [ -w "$d" ] && [ $((n + m)) -lt ${memoryBytes} ] || d=/tmp
f=$(mktemp "$d/.dockwright.XXXXXX") || exit ${wrapperCodes.noTemporaryFile}
exec 7>"$f" 8<"$f"; rm -f -- "$f"
take $((n + m)) >&7; exec 7>&-
read -r e; [ "$e" = dockwright-end ] || exit ${wrapperCodes.cut}
umask 022; x=; trap x=1 USR1
setsid sh -c ${quoteShell(inner)} sh "$n" <&8 3<&- 8<&- & p=$!
exec 8<&-
{ while read -r k; do :; done; kill -USR1 $$; kill -TERM -$p || kill -TERM $p; i=0
while [ $i -lt ${graceTenths} ] && kill -0 -$p; do sleep 0.1; i=$((i + 1)); done
kill -KILL -$p; } <&3 >/dev/null 2>&1 & w=$!
wait $p; c=$?
[ -z "$x" ] || { wait $w; exit ${wrapperCodes.stopped}; }
{ kill -KILL $w; wait $w; r=; kill -0 -$p && r=left; } 2>/dev/null
echo "$t $c $r"; echo "$t" >&2
done`;

/** One word of a shell, whatever is in it. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** How the login user becomes root. */
export type Become = "plain" | "sudo" | "password";

const prefixes: Readonly<Record<Become, string>> = {
  plain: "exec ",
  sudo: "exec sudo -n -- ",
  password: "exec sudo -S -p '' -- ",
};

/** The command line that sshd is given. */
export function wrapperCommand(become: Become): string {
  return `${prefixes[become]}sh -c ${quoteShell(wrapper)}`;
}

/** A script with what belongs to it. */
export interface Work {
  readonly script: string;
  readonly args?: readonly string[] | undefined;
  readonly input?: string | Uint8Array | undefined;
}

/** What the wrapper reads for one script. `token` marks the end of its output: nobody can guess it. */
export function wrapperFrames(token: string, work: Work): readonly (string | Uint8Array)[] {
  const args = (work.args ?? []).map(quoteShell).join(" ");
  // Arguments are set by the script itself: of the process list they are no part either.
  const body = Buffer.from(`set -- ${args}\n${work.script}\n`);
  const input = work.input ?? "";
  const inputBytes = typeof input === "string" ? Buffer.byteLength(input) : input.length;
  return [
    `dockwright-run ${token} ${body.length} ${inputBytes}\n`,
    body,
    ...(inputBytes === 0 ? [] : [input]),
    "dockwright-end\n",
  ];
}
