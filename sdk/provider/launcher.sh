#!/bin/sh
# pulumi-resource-dockwright: Pulumi starts a plugin for every provider of a program, that is for every
# host. Those that one engine starts share a process (hub.ts), each with a port of its own, which saves
# the start of Node and its memory for every host but one. Where anything of that cannot be had, the
# plugin is a process of its own.
self=$0
[ -f "${self%/*}/pulumi-resource-dockwright.cjs" ] || self=$(readlink -f "$0")
plugin=${self%/*}/pulumi-resource-dockwright.cjs
engine=
for word; do case $word in -*) ;; *) engine=$word ;; esac; done
# What Node takes to start and gives back, the C library would keep for itself (mallopt(3)): a third of
# the process. main.ts takes them away again, so that nothing that it runs has them.
export MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072
alone() { exec node "$plugin" ${engine:+"$engine"}; }
[ -n "$engine" ] && command -v setsid >/dev/null && command -v mkfifo >/dev/null || alone

# Each user's own. A command for the number of the user would be started for every host.
base=${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/dockwright-${HOME##*/}
[ -d "$base" ] || mkdir -m 700 "$base" 2>/dev/null
[ -d "$base" ] && [ ! -L "$base" ] && [ -O "$base" ] || alone
room=$base/$PPID-${engine##*:}
if [ ! -d "$room" ] && mkdir -m 700 "$room" 2>/dev/null; then
  # The rooms of engines that are gone.
  for old in "$base"/*-*; do
    owner=${old##*/}
    kill -0 "${owner%-*}" 2>/dev/null || rm -rf "$old"
  done
fi

# The port comes by `out`; who holds `in` lives. Both are open to both ends, so that nothing here blocks.
mkfifo -m 600 "$room/$$.in" "$room/$$.out" 2>/dev/null || alone
exec 3<>"$room/$$.out" 4<>"$room/$$.in"
if [ ! -p "$room/join" ] && mkfifo -m 600 "$room/join" 2>/dev/null; then
  # Nothing that the engine gave may stay open in here. It closes its providers one after the other, waits
  # for the end of what they write, and all of them have 5 s together: those behind this one would get none.
  (
    # In a session of its own: it outlives this provider where others go on.
    setsid node "$plugin" --hub "$room" "$engine"
    # It takes the room with it, unless it crashed: then those who still wait are on their own.
    [ -d "$room" ] || exit 0
    rm -f "$room/join"
    for each in "$room"/*.out; do echo 1<>"$each"; done
    rm -rf "$room"
  ) </dev/null >/dev/null 2>&1 3>&- 4>&- &
fi
[ -p "$room/join" ] || alone
exec 5<>"$room/join"
echo $$ >&5
# It left just now: nobody reads that any more. It is gone before it stops reading, so this is sure.
[ -p "$room/join" ] || alone
read -r port <&3
exec 3>&- 5>&-
[ -n "$port" ] || alone
echo "$port"
# Until the engine lets go of it.
exec >/dev/null
while read -r _; do :; done
