// Files of a machine by its shell: bytes as they are, one round trip each, as root.

/** Prints the file named by `$1`, or ends with `absent`. */
export const readScript = {
  absent: 44,
  text: `[ -e "$1" ] || [ -L "$1" ] || exit 44
exec cat <"$1"`,
} as const;

/**
 * Path, mode, owner, group. The new file lies beside the old one and takes its place by a rename. A
 * stop finds its name in any case: the program that makes it is not stopped, and the traps are there
 * before (of dash's, the one of EXIT alone would not be run).
 */
export const writeScript = `set -eu
umask 077
if [ -d "$1" ] && [ ! -L "$1" ]; then echo "$1 is a folder" >&2; exit 1; fi
new=
trap 'rm -f -- "$new"' EXIT
trap 'exit 143' TERM
new=$(trap '' TERM; mktemp "$(dirname -- "$1")/.dockwright.XXXXXX")
cat >"$new"
chown -- "$3:$4" "$new"
chmod -- "$2" "$new"
sync "$new" 2>/dev/null || sync
mv -fT -- "$new" "$1"
trap - EXIT`;
