// How the MariaDB image starts. Passwords come as files and go on as a file that only the server's
// user can read: never through argv or the environment. The statements run at every start, so that
// a changed password file changes the password; they are made to be repeated.

/** Where a container finds things; also in the catalog's words for users. */
export const mariadbSocket = "/tmp/mysqld.sock";

export const mariadbConfig = `[client]
socket = ${mariadbSocket}
default-character-set = utf8mb4

[mariadbd]
datadir = /var/lib/mysql
socket = ${mariadbSocket}
pid-file = /tmp/mysqld.pid
tmpdir = /tmp
port = 3306
bind-address = *
skip-name-resolve
character-set-server = utf8mb4
collation-server = utf8mb4_unicode_ci
# Big enough for a site, small enough for a shared host; more by arguments of the container.
innodb_buffer_pool_size = 64M
performance_schema = off
`;

export const mariadbEntrypoint = `#!/bin/bash
# Makes the data directory on the first start, then runs the server with the declared database
# and user. Arguments are given to the server.
set -euo pipefail
umask 077
data=/var/lib/mysql
statements=/tmp/declared.sql
quote="'"

fail() { echo "mariadb: $*" >&2; exit 1; }
# A name becomes part of a statement: letters, digits and _ only.
name() { [[ \${!1} =~ ^[A-Za-z0-9_]{1,64}$ ]] || fail "$1 is not made of letters, digits and _"; }
secret() {
  local value
  [ -r "$1" ] || fail "cannot read $1 as uid $(id -u)"
  value=$(<"$1")
  [ -n "$value" ] || fail "$1 is empty"
  [[ $value != *$'\\n'* ]] || fail "$1 has more than one line"
  value=\${value//\\\\/\\\\\\\\}
  printf '%s' "\${value//$quote/$quote$quote}"
}

[ -w "$data" ] || fail "cannot write to $data as uid $(id -u)"
if [ -e "$data/.dockwright-unfinished" ]; then
  echo "mariadb: an earlier first start did not finish, beginning again" >&2
  find "$data" -mindepth 1 ! -name .dockwright-unfinished -delete
fi
if [ ! -d "$data/mysql" ]; then
  echo "mariadb: making the data directory" >&2
  touch "$data/.dockwright-unfinished"
  mariadb-install-db --datadir="$data" --skip-test-db --skip-name-resolve \\
    --auth-root-authentication-method=socket --auth-root-socket-user=mysql >/tmp/install.log 2>&1 ||
    { cat /tmp/install.log >&2; fail "cannot make the data directory"; }
  sync
  rm "$data/.dockwright-unfinished"
fi

: >"$statements"
if [ -n "\${MARIADB_DATABASE:-}" ]; then
  name MARIADB_DATABASE
  printf 'CREATE DATABASE IF NOT EXISTS \`%s\`;\\n' "$MARIADB_DATABASE" >>"$statements"
fi
if [ -n "\${MARIADB_USER:-}" ]; then
  name MARIADB_USER
  password=$(secret "\${MARIADB_PASSWORD_FILE:-/run/secrets/db-password}")
  printf "CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s';\\n" "$MARIADB_USER" "$password" >>"$statements"
  printf "ALTER USER '%s'@'%%' IDENTIFIED BY '%s';\\n" "$MARIADB_USER" "$password" >>"$statements"
  if [ -n "\${MARIADB_DATABASE:-}" ]; then
    # In a grant _ stands for any character.
    printf "GRANT ALL ON \\\`%s\\\`.* TO '%s'@'%%';\\n" "\${MARIADB_DATABASE//_/\\\\_}" "$MARIADB_USER" >>"$statements"
  fi
  unset password
fi
exec mariadbd --init-file="$statements" "$@"
`;

/** Exit code 0 once the server takes connections, and the declared user and database are there. */
export const mariadbHealth = `#!/bin/bash
# As the operating system's user mysql, by socket and without a password. During a first start
# there is no server yet, and no socket.
exec mariadb --user=mysql --batch --skip-column-names --execute='SELECT 1' 2>&1
`;
