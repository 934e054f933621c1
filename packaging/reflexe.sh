#!/bin/sh
# Starts this version of Reflexe with its own Node, wherever its folder stands.
here=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$here/node/bin/node" "$here/dist/cli/reflexe.js" "$@"
