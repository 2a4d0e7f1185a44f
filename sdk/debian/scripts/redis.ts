// How the Redis image starts. The password comes as a file, or where a
// platform has none as REDIS_PASSWORD, and goes on through standard input, with
// the rest of the configuration: never through argv, the environment or the log.

/** Where a server with REDIS_KEEP=yes keeps what it has: a volume goes there. */
export const redisData = "/var/lib/redis";

export const redisEntrypoint = `#!/bin/bash
# A leader, or with REDIS_LEADER=HOST:PORT a replica of that one. Arguments are given to the server.
set -euo pipefail
umask 077
fail() { echo "redis: $*" >&2; exit 1; }
password=\${REDIS_PASSWORD:-}
if [ -z "$password" ]; then
  file=\${REDIS_PASSWORD_FILE:-/run/secrets/redis-password}
  [ -r "$file" ] || fail "cannot read $file as uid $(id -u)"
  password=$(<"$file")
  [ -n "$password" ] || fail "$file is empty"
fi
unset REDIS_PASSWORD
[[ $password != *$'\\n'* ]] || fail "the password has more than one line"
# In quotes, as redis.conf has them.
password=\${password//\\\\/\\\\\\\\}
password=\${password//\\"/\\\\\\"}

settings() {
  printf '%s\\n' "bind * -::*" "port 6379" "protected-mode no" "repl-diskless-sync-delay 0" \\
    "requirepass \\"$password\\"" "masterauth \\"$password\\""
  if [ "\${REDIS_KEEP:-no}" = yes ]; then
    printf '%s\\n' "dir ${redisData}" "appendonly yes"
  else
    # In memory alone; what a synchronisation needs for a moment is temporary.
    printf '%s\\n' "dir /tmp" 'save ""'
  fi
  [ -z "\${REDIS_LEADER:-}" ] || echo "replicaof \${REDIS_LEADER%:*} \${REDIS_LEADER##*:}"
}
if [ "\${REDIS_KEEP:-no}" = yes ] && [ ! -w ${redisData} ]; then
  fail "cannot write to ${redisData} as uid $(id -u)"
fi
[[ -z \${REDIS_LEADER:-} || $REDIS_LEADER =~ ^[A-Za-z0-9._-]+:[0-9]+$ ]] ||
  fail "REDIS_LEADER is $REDIS_LEADER; write HOST:PORT"
exec redis-server - "$@" < <(settings)
`;

/** Exit code 0 once the server answers. */
export const redisHealth = `#!/bin/bash
REDISCLI_AUTH=\${REDIS_PASSWORD:-$(<"\${REDIS_PASSWORD_FILE:-/run/secrets/redis-password}")}
export REDISCLI_AUTH
[ "$(redis-cli -h 127.0.0.1 ping)" = PONG ]
`;
