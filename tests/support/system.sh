#!/usr/bin/env bash
# What the tests use beside Python packages: Debian's PostgreSQL 15, for storage tests on the oldest supported version.
# Installed when we may; without it those tests run on the embedded server alone.
set -u
[ -x /usr/lib/postgresql/15/bin/initdb ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "PostgreSQL 15 is not installed: storage tests run on the embedded server only"
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# Only the server's programs are wanted: no cluster of Debian's own is made or started.
mkdir -p /etc/postgresql-common && [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null ||
    echo "PostgreSQL 15 could not be installed: storage tests run on the embedded server only"
exit 0
