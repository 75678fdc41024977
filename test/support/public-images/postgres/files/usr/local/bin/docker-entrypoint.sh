#!/bin/bash
# What the image on Docker's hub does: a database is made in an empty volume, as the user postgres, and initialised by what is
# mounted in /docker-entrypoint-initdb.d.
set -Eeo pipefail
case $1 in -*) set -- postgres "$@" ;; esac
if [[ $1 == postgres && $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 0700 "$PGDATA"
  find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
  chown postgres /var/run/postgresql
  exec setpriv --reuid postgres --regid postgres --clear-groups "$BASH_SOURCE" "$@"
fi
if [[ $1 == postgres && ! -s $PGDATA/PG_VERSION ]]; then
  if [[ -z $POSTGRES_PASSWORD ]]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2
    exit 1
  fi
  initdb --username=postgres --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-host=scram-sha-256 --no-sync >/dev/null
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -o "-c listen_addresses=''" -w start >/dev/null
  createdb --username=postgres --no-password "${POSTGRES_DB:-app}"
  for file in /docker-entrypoint-initdb.d/*.sql; do
    [[ -f $file ]] && psql --username=postgres --dbname="${POSTGRES_DB:-app}" --file="$file"
  done
  pg_ctl -m fast -w stop >/dev/null
  echo 'PostgreSQL init process complete; ready for start up.'
fi
exec "$@"
