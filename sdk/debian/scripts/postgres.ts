// How the PostgreSQL image starts. The password comes as a file and goes on through standard input:
// never through argv, the environment or the log. The statements run at every start, by the server in
// its single-user mode, so that a changed password file changes the password.

const dataFolder = "/var/lib/postgresql/data";
const configFolder = "/etc/postgresql/dockwright";
/** What starts with it is of the image's server, whatever its version. */
const server = "/usr/lib/postgresql/15/bin";

export const postgresConfigPath = `${configFolder}/postgresql.conf`;
export const postgresHbaPath = `${configFolder}/pg_hba.conf`;

export const postgresConfig = `data_directory = '${dataFolder}'
hba_file = '${postgresHbaPath}'
ident_file = '${dataFolder}/pg_ident.conf'
listen_addresses = '*'
port = 5432
unix_socket_directories = '/tmp'
password_encryption = scram-sha-256
log_destination = stderr
logging_collector = off
log_timezone = 'UTC'
timezone = 'UTC'
# Its compiler is not in the image: queries of a site gain nothing from it.
jit = off
# Big enough for a site, small enough for a shared host; more by arguments of the container.
shared_buffers = 64MB
max_connections = 100
`;

/** By socket only who is the server's own user; by network with a password. */
export const postgresHba = `local all postgres peer
host all all all scram-sha-256
`;

export const postgresEntrypoint = `#!/bin/bash
# Makes the data directory on the first start, then runs the server with the declared database
# and user. Arguments are given to the server.
set -euo pipefail
umask 077
home=/var/lib/postgresql
data=${dataFolder}
unfinished=$home/.dockwright-unfinished
quote="'"

fail() { echo "postgres: $*" >&2; exit 1; }
# A name becomes part of a statement: letters, digits and _ only.
name() { [[ \${!1} =~ ^[A-Za-z_][A-Za-z0-9_]{0,62}$ ]] || fail "$1 is not made of letters, digits and _"; }
secret() {
  local value
  [ -r "$1" ] || fail "cannot read $1 as uid $(id -u)"
  value=$(<"$1")
  [ -n "$value" ] || fail "$1 is empty"
  [[ $value != *$'\\n'* ]] || fail "$1 has more than one line"
  printf '%s' "\${value//$quote/$quote$quote}"
}
# Statements from standard input. What fails is told, but not the statement, which may have a password.
single() {
  ${server}/postgres --single -j -c config_file=${postgresConfigPath} \\
    -c exit_on_error=on -c log_min_error_statement=panic postgres 2>/tmp/single.log ||
    { cat /tmp/single.log >&2; fail "cannot $1"; }
}

[ -w "$home" ] || fail "cannot write to $home as uid $(id -u)"
if [ -e "$unfinished" ]; then
  echo "postgres: an earlier first start did not finish, beginning again" >&2
  rm -rf "$data"
fi
if [ ! -d "$data" ]; then
  echo "postgres: making the data directory" >&2
  touch "$unfinished"
  ${server}/initdb --pgdata="$data" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \\
    --data-checksums --auth-local=peer --auth-host=scram-sha-256 >/tmp/initdb.log 2>&1 ||
    { cat /tmp/initdb.log >&2; fail "cannot make the data directory"; }
  sync
  rm "$unfinished"
fi
# A server that was killed left it; in a container it is of nobody.
rm -f "$data/postmaster.pid"

if [ -n "\${POSTGRES_USER:-}" ]; then
  name POSTGRES_USER
  password=$(secret "\${POSTGRES_PASSWORD_FILE:-/run/secrets/db-password}")
  single "declare the user $POSTGRES_USER" >/dev/null <<STATEMENTS
DO \\$\\$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$POSTGRES_USER') THEN CREATE ROLE "$POSTGRES_USER" LOGIN; END IF; END \\$\\$;

ALTER ROLE "$POSTGRES_USER" LOGIN PASSWORD '$password';

STATEMENTS
  unset password
fi
if [ -n "\${POSTGRES_DATABASE:-}" ]; then
  name POSTGRES_DATABASE
  found=$(single "look for the database" <<<"SELECT datname FROM pg_database WHERE datname = '$POSTGRES_DATABASE';"$'\\n\\n')
  [[ $found == *"datname = \\"$POSTGRES_DATABASE\\""* ]] ||
    single "make the database $POSTGRES_DATABASE" >/dev/null <<<"CREATE DATABASE \\"$POSTGRES_DATABASE\\" OWNER \\"\${POSTGRES_USER:-postgres}\\";"$'\\n\\n'
fi
exec ${server}/postgres -c config_file=${postgresConfigPath} "$@"
`;

/** Exit code 0 once the server takes connections, and the declared user and database are there. */
export const postgresHealth = `#!/bin/bash
# As the operating system's user postgres, by socket and without a password. While the statements of
# a start run there is no socket yet.
exec psql --no-psqlrc --host=/tmp --username=postgres --dbname="\${POSTGRES_DATABASE:-postgres}" --quiet --tuples-only --command='SELECT 1' 2>&1
`;
