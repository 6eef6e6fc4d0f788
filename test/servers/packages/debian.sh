# Fetches Debian packages with all that they need, and unpacks them into FOLDER/root: debian.sh FOLDER
#
# Called by unpack.sh, with
#   SUITE        of Debian, such as bookworm
#   PACKAGES     names, separated by spaces
#   NEWER_SUITE  another suite, out of which come the packages of NEWER only, where it has a newer version of them
#   WITHOUT      packages that apt-get is told to be there already: what they need is not fetched either
#
# Nothing is installed: apt-get works on lists and a state of its own, so it takes neither root nor Debian of the same
# suite.
set -eu
folder=$1
apt=$folder/apt
mkdir -p "$folder/root" "$apt/state/lists/partial" "$apt/cache/archives/partial"

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -n "$mirror" ] && [ -e "$keyring" ] || {
  echo "This needs Debian: a mirror of it in apt's sources, and the package debian-archive-keyring." >&2
  exit 1
}
for suite in $SUITE ${NEWER_SUITE:-}; do
  echo "deb [signed-by=$keyring] $mirror $suite main"
done >"$apt/sources.list"

architecture=$(dpkg --print-architecture)
for package in ${WITHOUT:-}; do
  printf '%s\n' "Package: $package" 'Status: install ok installed' "Architecture: $architecture" \
    'Multi-Arch: allowed' 'Version: 999' 'Maintainer: none' 'Description: none' ''
done >"$apt/state/status"

: >"$apt/preferences"
[ -z "${NEWER_SUITE:-}" ] || cat >"$apt/preferences" <<PREFERENCES
Package: $NEWER
Pin: release a=$NEWER_SUITE
Pin-Priority: 500
PREFERENCES

cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "$apt/preferences";
Dir::Etc::preferencesparts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
CONF
export APT_CONFIG="$apt/apt.conf"
apt-get -qq update
# shellcheck disable=SC2086
apt-get -qq install --yes --download-only $PACKAGES
for package in "$apt"/cache/archives/*.deb; do
  dpkg -x "$package" "$folder/root"
done
rm -rf "$apt"
