#!/bin/sh
# Installs Reflexe from this folder, without a network. Run as root; running it again finishes or repeats the same work.
#   sh install.sh [--prefix DIR] [--key PEM]
# --prefix DIR installs under DIR instead of /, makes no user and touches no service (to try it, or to prepare an image).
# --key PEM    trusts this public key for later updates, instead of the one in the bundle.
# Later versions come by `reflexe update FILE`, which checks their signature.
set -eu
umask 022

fail() {
  printf 'install: %s\n  what to do: %s\n' "$1" "$2" >&2
  exit 1
}

prefix=''
key=''
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -ge 2 ] || fail '--prefix needs a folder' 'sh install.sh --prefix DIR'; prefix=${2%/}; shift 2 ;;
    --key) [ $# -ge 2 ] || fail '--key needs a file' 'sh install.sh --key PEM'; key=$2; shift 2 ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
case $prefix in ''|/*) ;; *) fail "--prefix is not an absolute path: $prefix" 'give one that begins with /' ;; esac
[ "$(id -u)" -eq 0 ] || [ -n "$prefix" ] || fail 'only root may install' 'run it again with sudo, or as root'

here=$(cd "$(dirname "$0")" && pwd -P)
cd "$here"
[ -f manifest.json ] && [ -f SHA256SUMS ] && [ -x node/bin/node ] ||
  fail 'this folder is not a whole bundle' 'unpack the bundle again: tar -xzf FILE'
case $(uname -s)-$(uname -m) in
  Linux-x86_64) machine=linux-x64 ;;
  Linux-aarch64) machine=linux-arm64 ;;
  *) machine=$(uname -s)-$(uname -m) ;;
esac
release=$(sed -n 's/^ "release": "\([0-9a-z.-]*\)",$/\1/p' manifest.json)
made_for=$(sed -n 's/^ "\(platform\|architecture\)": "\([0-9a-z]*\)",$/\2/p' manifest.json | paste -s -d - -)
[ -n "$release" ] || fail 'the manifest names no release' 'get the bundle again'
[ "$made_for" = "$machine" ] || fail "this bundle is for $made_for; this machine is $machine" 'get the bundle for this machine'

echo "install: checking every file of Reflexe $release..."
whole() {
  sha256sum --check --quiet --strict SHA256SUMS || fail 'a file is not what the bundle says (above)' 'copy the bundle again'
  # Nothing but what is named: the sums, the manifest and its signature, and plain files.
  [ -z "$(find . ! -type f ! -type d)" ] || fail "it holds a link or a device: $(find . ! -type f ! -type d | head -n 1)" 'unpack the bundle again'
  [ "$(find . -type f | wc -l)" -eq "$(($(wc -l <SHA256SUMS) + 3))" ] || fail 'it holds files the bundle does not name' 'unpack the bundle again'
}
whole

root=$prefix/opt/reflexe
place=$root/versions/$release
data=$prefix/var/lib/reflexe
settings=$prefix/etc/reflexe
if [ -L "$root/current" ] && [ "$(readlink "$root/current")" != "versions/$release" ]; then
  fail "another version is installed ($(readlink "$root/current"))" "let it check this one: reflexe update FILE.tar.gz"
fi

mkdir -p "$root/versions" "$settings"
chmod 755 "$root" "$root/versions" "$settings"
if [ "$here" != "$place" ] && ! { [ -d "$place" ] && cmp -s manifest.json "$place/manifest.json"; }; then
  [ ! -e "$place" ] || fail "$place is there with another content" 'move it away, then run this again'
  staging=$root/versions/.incoming-install
  rm -rf "$staging"
  # Copied aside, flushed, then named: half of a version never has a version's name.
  cp -R . "$staging"
  [ "$(id -u)" -ne 0 ] || chown -R 0:0 "$staging"
  chmod -R go-w "$staging"
  # Once more where only root can write: what was checked could have been changed since.
  if ! (cd "$staging" && whole); then rm -rf "$staging"; exit 1; fi
  sync -f "$staging"
  mv -T "$staging" "$place"
fi
if [ ! -L "$root/current" ]; then
  ln -sfn "versions/$release" "$root/.current-install"
  mv -T "$root/.current-install" "$root/current"
fi

# The first key this installation meets is the one it trusts, until a person changes the file.
if [ ! -e "$settings/update-key.pem" ]; then
  [ -n "$key" ] || key=$here/update-key.pem
  if [ -f "$key" ]; then cp "$key" "$settings/update-key.pem" && chmod 644 "$settings/update-key.pem"; fi
fi
[ -e "$settings/hub.env" ] || cp "$here/packaging/hub.env" "$settings/hub.env"

if [ -n "$prefix" ]; then
  mkdir -p "$data"
  chmod 700 "$data"
else
  getent group reflexe >/dev/null || groupadd --system reflexe
  getent passwd reflexe >/dev/null ||
    useradd --system --gid reflexe --home-dir /var/lib/reflexe --no-create-home --shell /usr/sbin/nologin reflexe
  mkdir -p "$data"
  chown reflexe:reflexe "$data"
  chmod 700 "$data"
  mkdir -p /usr/local/bin
  ln -sfn /opt/reflexe/current/bin/reflexe /usr/local/bin/reflexe
fi
# Links into the current version: units change with it, and go back with it.
mkdir -p "$prefix/etc/systemd/system"
for unit in "$here"/packaging/systemd/*.service; do
  ln -sfn "/opt/reflexe/current/packaging/systemd/$(basename "$unit")" "$prefix/etc/systemd/system/$(basename "$unit")"
done
if [ -z "$prefix" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi

echo "install: Reflexe $release is in $place"
[ -e "$settings/update-key.pem" ] || echo "install: no key to check updates with: put one in $settings/update-key.pem"
[ -n "$prefix" ] || echo 'install: next: systemctl enable --now reflexe-helper reflexe-hub, then journalctl -u reflexe-hub'
