#!/bin/sh
# Starts the helper of this version for the user `reflexe`; as root, by reflexe-helper.service.
set -eu
here=$(dirname "$(dirname "$(readlink -f "$0")")")
set -- --socket /run/reflexe/helper.sock --state /var/lib/reflexe-helper --allow-uid "$(id -u reflexe)"
[ ! -f /etc/reflexe/programs.json ] || set -- "$@" --programs /etc/reflexe/programs.json
exec "$here/node/bin/node" "$here/dist/helper/main.js" "$@"
