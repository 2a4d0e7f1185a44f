// The script that changes the daemon on the host and, unless the client confirms, takes the change back. It
// runs apart from any connection: once it is started, a client or network that dies changes nothing of
// what follows. It needs a POSIX shell, flock (util-linux) and the init's own tools; perl, which is part
// of every Debian, lets it ask the daemon itself instead of judging by its process.
//
// Protocol, in the folder txn: `plan` says what to do; `state` is started, applying, waiting, or gone; the
// client writes `confirm` or `abort`. The end is in `result`: committed, restored or lost, the reason and
// the daemon's last log lines. The lock is held by a living guard, so that a dead one is known.

import { base, scriptHead, socketPath, transaction } from "./paths.ts";

/** Functions over the daemon's process; need `INIT` and, for the log, `STARTED` and `LOG_BYTES`. */
const library = `T=${transaction}
SOCK=${socketPath}
LOG=/var/log/docker/current
SVDIR=/etc/service
export SVDIR

now() { read -r up _ < /proc/uptime; echo "\${up%%.*}"; }
nap() { sleep 0.2 2>/dev/null || sleep 1; }
state() { printf '%s\\n' "$1" > "$T/state.new" && mv -f "$T/state.new" "$T/state"; }
put() { cp -a "$1" "$2.dockwright" && mv -Tf "$2.dockwright" "$2"; }

ask() {
  perl -MIO::Socket::UNIX -e '
    alarm 5;
    my $s = IO::Socket::UNIX->new($ARGV[0]) or exit 1;
    print $s "GET $ARGV[1] HTTP/1.0\\r\\n\\r\\n";
    my $all = join "", <$s>;
    exit($all =~ /^HTTP\\S+ 200 / && index($all, $ARGV[2]) >= 0 ? 0 : 1)' "$SOCK" "$1" "$2" 2>/dev/null
}
answers() {
  if command -v perl >/dev/null 2>&1; then ask /_ping OK
  else [ -S "$SOCK" ] && [ -n "$(daemon_pid)" ] && sleep 2 && [ -n "$(daemon_pid)" ]; fi
}
is_dockerd() { [ -n "$1" ] && [ "$1" != 0 ] && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = dockerd ]; }
supervised_pid() {
  if [ "$INIT" = systemd ]; then systemctl show -p MainPID --value docker.service 2>/dev/null
  else cat /etc/sv/docker/supervise/pid 2>/dev/null; fi
}
daemon_pid() {
  for pid in "$(supervised_pid)" "$(cat /var/run/docker.pid 2>/dev/null)"; do
    is_dockerd "$pid" && { echo "$pid"; return; }
  done
}

runsvdir_runs() {
  for comm in /proc/[0-9]*/comm; do
    read -r name < "$comm" 2>/dev/null && [ "$name" = runsvdir ] && return 0
  done
  return 1
}
ensure_runit() {
  if [ ! -x /etc/sv/docker/log/run ]; then
    mkdir -p /etc/sv/docker/log /var/log/docker
    printf '#!/bin/sh\\nexec svlogd /var/log/docker\\n' > /etc/sv/docker/log/run
    chmod 755 /etc/sv/docker/log/run
  fi
  mkdir -p "$SVDIR"
  [ -e "$SVDIR/docker" ] || ln -s /etc/sv/docker "$SVDIR/docker"
  runsvdir_runs || setsid runsvdir -P "$SVDIR" </dev/null >/dev/null 2>&1 9>&- &
  end=$(( $(now) + 15 ))
  until sv status docker >/dev/null 2>&1; do
    [ "$(now)" -lt "$end" ] || return 1
    nap
  done
}
# End a daemon, $1 seconds for it to go by itself.
end_pid() {
  end=$(( $(now) + $2 ))
  while is_dockerd "$1"; do
    [ "$(now)" -lt "$end" ] || { kill -9 "$1" 2>/dev/null; rm -f /var/run/docker.pid; nap; return; }
    nap
  done
}
read_units() {
  [ "$(systemctl show -p NeedDaemonReload --value docker.service)" = no ] || systemctl daemon-reload
}
# Whether systemd listens for the daemon. Its socket then has to be made anew with it: a daemon that listened
# for itself has taken the path, and nobody would reach the old one.
by_socket() { systemctl show -p ExecStart --value docker.service | grep -q ' fd://'; }
# Start it anew; $1: seconds the one that runs gets to end. It runs with live-restore, or is sick.
restart() {
  old=$(daemon_pid)
  if [ "$INIT" = systemd ]; then
    read_units
    systemctl reset-failed docker.service 2>/dev/null
    if by_socket; then
      systemctl stop docker.service docker.socket &
      [ -z "$old" ] || end_pid "$old" "$1"
      wait "$!"
      systemctl --no-block start docker.service
    else
      systemctl --no-block restart docker.service
      [ -z "$old" ] || end_pid "$old" "$1"
    fi
    return
  fi
  ensure_runit || return 1
  if [ -n "$old" ] && [ "$old" = "$(supervised_pid)" ]; then sv t docker >/dev/null 2>&1
  elif [ -n "$old" ]; then sv d docker >/dev/null 2>&1; kill "$old"; fi
  [ -z "$old" ] || end_pid "$old" "$1"
  sv u docker >/dev/null 2>&1
}
stop() {
  pid=$(daemon_pid)
  if [ "$INIT" = systemd ]; then
    read_units
    systemctl --no-block stop docker.service docker.socket
  elif [ -d /etc/sv/docker/supervise ]; then sv d docker >/dev/null 2>&1
  elif [ -n "$pid" ]; then kill "$pid"; fi
  [ -z "$pid" ] || end_pid "$pid" "$1"
}
# What the service says of the new daemon: pid, active, and how often it was started again. One question at
# a time: a slow machine has the daemon itself to start.
look() {
  pid= active=active restarts=0
  if [ "$INIT" = systemd ]; then
    shown=$(systemctl show -p MainPID -p NRestarts -p ActiveState docker.service 2>/dev/null)
    case $shown in *MainPID=[1-9]*) pid=\${shown#*MainPID=}; pid=\${pid%%[!0-9]*} ;; esac
    active=\${shown#*ActiveState=}; active=\${active%%[!a-z]*}
    case $shown in *NRestarts=[1-9]*) restarts=\${shown#*NRestarts=}; restarts=\${restarts%%[!0-9]*} ;; esac
    is_dockerd "$pid" || pid=
  else pid=$(daemon_pid); fi
}
# Until a daemon other than $2 answers; not beyond $1 seconds, and not when each new one dies at once.
wait_up() {
  began=$(now) end=$(( $(now) + $1 )) seen= count=0
  while [ "$(now)" -lt "$end" ]; do
    look
    if [ -n "$pid" ] && [ "$pid" != "$2" ]; then
      case " $seen " in *" $pid "*) ;; *) seen="$seen $pid" count=$((count + 1)) ;; esac
      [ "$count" -lt 3 ] || return 1
      # Its service is active once it says itself that it is ready.
      [ "$active" = active ] && answers && { NEW_PID=$pid; return 0; }
    fi
    [ "$active" != failed ] && [ "$restarts" -lt 2 ] || return 1
    if [ "$(now)" -lt $((began + 5)) ]; then nap; else sleep 1; fi
  done
  return 1
}
reload() {
  kill -HUP "$1" && sleep 1 && is_dockerd "$1" && answers
}
# A daemon that starts makes its firewall rules anew, and until then published ports answer nobody, though
# their containers live. Copies behind its rules bridge that time. Loopback is left out: there a process of
# the daemon's forwards, which ends with it.
KEEP=DOCKWRIGHT-KEEP
keep_ports() {
  drop_ports
  for tool in iptables ip6tables; do
    command -v "$tool-restore" >/dev/null 2>&1 || continue
    [ $tool = iptables ] && loop=127.0.0.0/8 || loop=::1/128
    for table in nat filter; do
      [ $table = nat ] && wanted=. || wanted='-j ACCEPT'
      rules=$("$tool" -w 5 -t $table -S DOCKER 2>/dev/null | sed -n "/$wanted/s/^-A DOCKER /-A $KEEP /p")
      [ -n "$rules" ] || continue
      printf '*%s\n:%s - [0:0]\n%s\n' $table $KEEP "$rules"
      if [ $table = filter ]; then printf '%s\n' "-A FORWARD -j $KEEP" COMMIT
      else
        printf '%s\n' "-A PREROUTING -m addrtype --dst-type LOCAL -j $KEEP" \
          "-A OUTPUT ! -d $loop -m addrtype --dst-type LOCAL -j $KEEP" COMMIT
      fi
    done | "$tool-restore" -w 5 --noflush >/dev/null 2>&1
  done
}
drop_ports() {
  for tool in iptables ip6tables; do
    command -v $tool >/dev/null 2>&1 || continue
    for table in nat filter; do
      "$tool" -w 5 -t $table -S 2>/dev/null | sed -n "s/^-A \\(.* -j $KEEP\\)$/-D \\1/p" |
        while read -r rule; do "$tool" -w 5 -t $table $rule; done
      "$tool" -w 5 -t $table -F $KEEP && "$tool" -w 5 -t $table -X $KEEP
    done >/dev/null 2>&1
  done
}
daemon_log() {
  if [ "$INIT" = systemd ]; then
    journalctl _SYSTEMD_UNIT=docker.service --since "@$STARTED" -o cat --no-pager 2>/dev/null
  elif [ -f "$LOG" ]; then
    size=$(wc -c < "$LOG")
    [ "$size" -ge "$LOG_BYTES" ] && from=$LOG_BYTES || from=0
    tail -c "+$((from + 1))" "$LOG"
  fi
}
# The daemon's own last words since the change began: what went wrong, not how it went.
last_words() {
  daemon_log | grep -vE 'level=(info|debug)' | cut -c1-500 | tail -n 12
}
finish() {
  drop_ports
  { printf 'status=%s\\ngeneration=%s\\nreason=%s\\nseconds=%s\\n--\\n' "$1" "$GEN" "$2" "$(( \${SERVED:-$(now)} - BEGAN ))"
    cat "$T/words" 2>/dev/null; } > "$B/result.new"
  mv -f "$B/result.new" "$B/result"
  mv -T "$T" "$T.$$" && rm -rf "$T.$$"
}

back_up() {
  mkdir -m 700 "$T/backup"
  readlink "$B/current" > "$T/backup/current" 2>/dev/null || rm -f "$T/backup/current"
  for name in json service; do
    [ $name = json ] && from=$J || from=$SERVICE
    if [ -e "$from" ] || [ -L "$from" ]; then cp -a "$from" "$T/backup/$name" || return 1; fi
  done
  : > "$T/backup/done"
}
put_back() {
  [ "$(cat "$T/backup/current" 2>/dev/null)" = "$GEN" ] || rm -rf "$B/$GEN"
  if [ -f "$T/backup/current" ]; then
    ln -sfn "$(cat "$T/backup/current")" "$B/current.new" && mv -Tf "$B/current.new" "$B/current"
  else rm -f "$B/current"; fi
  for name in json service; do
    [ $name = json ] && to=$J || to=$SERVICE
    if [ -e "$T/backup/$name" ] || [ -L "$T/backup/$name" ]; then put "$T/backup/$name" "$to"
    else rm -f "$to"; fi
  done
}
# The old state again: files, then the daemon. $1 is the reason.
take_back() {
  state restoring
  words() { [ -f "$T/words" ] || last_words > "$T/words"; }
  [ -f "$T/backup/done" ] || { words; finish restored "$1"; exit 0; }
  put_back
  # One that never came up has nothing to bring to an end, and the rules are still kept from its start.
  look
  if [ "$INIT" = systemd ]; then [ "$active" = active ]; else answers; fi && up=1 || up=0
  pid=$(daemon_pid)
  if [ "$WAS_RUNNING" = 0 ]; then stop 5; words; finish restored "$1"; exit 0; fi
  if [ "$ACTION" = reload ] && [ "$pid" = "$OLD_PID" ] && reload "$pid"; then words; finish restored "$1"; exit 0; fi
  # Containers live through this restart as they did through the first one.
  [ "$CARRY" = 0 ] || put "$T/carry.json" "$J"
  if [ "$up" = 1 ]; then keep_ports; restart 5; else restart 0; fi
  if wait_up 120 "$pid"; then
    SERVED=$(now)
    words
    if [ "$CARRY" = 1 ]; then
      put_back
      reload "$(daemon_pid)"
    fi
    finish restored "$1"
  else
    words
    finish lost "$1"
  fi
  exit 0
}
`;

const run = `
exec 9> "$B/lock"
flock -n 9 || exit 75
. "$T/plan"
BEGAN=$(now) STARTED=$(date +%s) LOG_BYTES=0
[ ! -f "$LOG" ] || LOG_BYTES=$(wc -c < "$LOG")
if [ "\${1:-}" = recover ]; then
  OLD_PID=
  take_back "the change was cut short: the host went down, or its guard was ended"
fi
# The host goes down: it comes up with the configuration of before.
trap 'drop_ports; [ ! -f "$T/backup/done" ] || put_back; exit 1' TERM
trap '' HUP INT
DEADLINE=$((BEGAN + CONFIRM_S))
OLD_PID=$(daemon_pid)
NEW_PID=$OLD_PID
state applying
back_up || take_back "the files of before could not be copied"
if [ "$CARRY" = 1 ] && [ -n "$OLD_PID" ]; then
  put "$T/carry.json" "$J"
  kill -HUP "$OLD_PID"
  end=$(( $(now) + 10 ))
  until ask /info '"LiveRestoreEnabled":true'; do
    [ "$(now)" -lt "$end" ] || break
    nap
  done
fi
ln -sfn "$GEN" "$B/current.new" && mv -Tf "$B/current.new" "$B/current" || take_back "the link could not be set"
ln -sfn dockwright/current/daemon.json "$J.dockwright" && mv -Tf "$J.dockwright" "$J" || take_back "daemon.json could not be set"
mkdir -p "$(dirname "$SERVICE")"
put "$T/service" "$SERVICE" || take_back "the service's file could not be written"
if [ "$ACTION" = reload ]; then
  reload "$OLD_PID" || take_back "the daemon did not bear the reload"
else
  [ -z "$OLD_PID" ] || keep_ports
  restart "$STOP_S" || take_back "the daemon's service could not be started"
  wait_up $((DEADLINE - $(now))) "$OLD_PID" || take_back "the daemon does not start with it"
  # A daemon that remembers docker0 makes it again before it turns to the declared bridge.
  sh "$B/current/bridge.sh" 9>&-
  drop_ports
fi
state waiting
while [ "$(now)" -lt "$DEADLINE" ]; do
  if [ -f "$T/confirm" ]; then
    for old in "$B"/[0-9a-f]*; do
      case "\${old##*/}" in "$GEN"|*[!0-9a-f]*) ;; ????????????) [ -d "$old" ] && rm -rf "$old" ;; esac
    done
    finish committed ""
    exit 0
  fi
  [ ! -f "$T/abort" ] || take_back "$(cat "$T/abort")"
  is_dockerd "$NEW_PID" || { nap; nap; NEW_PID=$(daemon_pid); [ -n "$NEW_PID" ] || take_back "the daemon ended by itself"; }
  nap
done
take_back "nobody confirmed it within $CONFIRM_S s"
`;

/** The whole script. */
export const guardScript = `#!/bin/sh
# Dockwright's guard of a change of the Docker daemon: started by it, ends by itself.
umask 022
${scriptHead}${library}${run}`;

/**
 * Takes our configuration away: what was there before us comes back, else the daemon runs with its
 * defaults. Volumes, images and containers are not touched. Needs `INIT` and `SERVICE`.
 */
export const removeScript = `${scriptHead}${library}
[ ! -e "$T" ] || { echo "a change of the daemon is under way" >&2; exit 1; }
[ -e "$B/owner" ] || exit 0
STARTED=$(date +%s) LOG_BYTES=0 GEN=none
old=$(daemon_pid)
if [ -e "$B/original/daemon.json" ]; then put "$B/original/daemon.json" "$J"
elif [ -L "$J" ]; then rm -f "$J"; fi
if [ -e "$B/original/service" ]; then put "$B/original/service" "$SERVICE"
elif [ "$INIT" = systemd ]; then rm -f "$SERVICE"
else
  printf '#!/bin/sh\\n# Made by Dockwright.\\nexec 2>&1\\nexec %s\\n' "$(command -v dockerd)" > "$SERVICE.new"
  chmod 755 "$SERVICE.new"
  mv -f "$SERVICE.new" "$SERVICE"
fi
bridge=$(cat "$B/bridge" 2>/dev/null)
if [ -n "$old" ]; then
  restart 30
  wait_up 120 "$old" || { last_words >&2; exit 1; }
fi
rm -rf "$B"
if [ -n "$bridge" ] && [ -z "$(ls "/sys/class/net/$bridge/brif" 2>/dev/null)" ]; then
  ip link delete "$bridge" 2>/dev/null
fi
exit 0
`;

/** Starts the guard apart from this connection. `$1`: nothing, or recover. */
export const startGuardScript = `${scriptHead}
T=${transaction}
if [ -d /run/systemd/system ]; then
  systemd-run --quiet --collect --unit="dockwright-docker-$(cut -d- -f1 /proc/sys/kernel/random/uuid)" \\
    /bin/sh "$T/guard.sh" "$@" || exit 1
else
  setsid sh "$T/guard.sh" "$@" </dev/null >/dev/null 2>"$B/guard.log" &
fi
`;

/** `$1`: seconds. Prints the state once it is none of `$2...`, and the result where there is one. */
export const watchScript = `${scriptHead}
T=${transaction}
left=$(($1 * 5)); shift
while [ "$left" -gt 0 ]; do
  state=$(cat "$T/state" 2>/dev/null) || state=
  [ -d "$T" ] || state=ended
  same=
  for not; do [ "$state" != "$not" ] || same=1; done
  [ -n "$same" ] || break
  left=$((left - 1)); sleep 0.2 2>/dev/null || sleep 1
done
printf '%s\\n' "$state"
[ "$state" != ended ] || cat "$B/result"
`;

/** `$1` is confirm or abort, standard input the words. Exit code 3: there is no change under way. */
export const answerScript = `${scriptHead}
T=${base}/txn
[ -d "$T" ] || exit 3
cat > "$T/$1.new" && mv -f "$T/$1.new" "$T/$1"
`;
