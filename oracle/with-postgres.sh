#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own, which listens on loopback and is gone afterwards:
#   oracle/with-postgres.sh cargo test -p treaty-broker
# The command finds the server in TREATY_TEST_POSTGRES, and the authority of its certificate in TREATY_TEST_POSTGRES_CA if
# there is openssl to make one. If the first is set already, the server it names is used. The server's programs are those
# of Debian's package `postgresql`, or where PG_BIN says; without them this says that the command did not run, and fails if
# TREATY_REQUIRE names `postgres`.
set -euo pipefail
[ -n "${TREATY_TEST_POSTGRES:-}" ] && exec "$@"

bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)}
if [ ! -x "$bin/initdb" ]; then
    echo "DID NOT RUN: $*: there is no PostgreSQL server; Debian's package is postgresql" >&2
    case ",${TREATY_REQUIRE:-}," in *,postgres,*) exit 1 ;; *) exit 0 ;; esac
fi

# The server refuses to run as root.
as_server() { "$@"; }
work=$(mktemp -d)
if [ "$(id -u)" = 0 ]; then
    chown postgres "$work"
    as_server() { (cd "$work" && runuser -u postgres -- "$@"); }
fi
stop() {
    as_server "$bin/pg_ctl" stop -D "$work/data" -m immediate >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT

# What is stored here need not survive a crash of the machine; a crash of the server it does.
as_server "$bin/initdb" -D "$work/data" -U treaty --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
# The certificate is its own authority.
encryption=
if command -v openssl >/dev/null; then
    cat >"$work/openssl.cnf" <<'EOF'
[req]
distinguished_name = name
x509_extensions = own
[name]
[own]
subjectAltName = IP:127.0.0.1
basicConstraints = critical, CA:FALSE
EOF
    as_server openssl req -x509 -config "$work/openssl.cnf" -newkey rsa:2048 -nodes -days 2 -subj /CN=treaty \
        -keyout "$work/server.key" -out "$work/server.crt" 2>/dev/null
    encryption="-c ssl=on -c ssl_cert_file=$work/server.crt -c ssl_key_file=$work/server.key"
    export TREATY_TEST_POSTGRES_CA="$work/server.crt"
fi
for attempt in 1 2 3; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work"
    options+=" $encryption"
    options+=" -c fsync=${PG_FSYNC:-off} -c max_connections=200"
    as_server "$bin/pg_ctl" start -w -D "$work/data" -l "$work/log" -o "$options" >/dev/null && break
    [ "$attempt" = 3 ] && cat "$work/log" >&2 && exit 1
done

export TREATY_TEST_POSTGRES="postgres://treaty@127.0.0.1:$port/postgres"
"$@"
