# Fetches Debian packages with all that they need, and unpacks them into a folder, once:
# unpack.sh FOLDER SUITE PACKAGE...
#
# Run by packages.ts under flock(1), so that several test runs may call it at once. Nothing is installed: apt-get works
# on lists and a (void) state of its own, so it takes neither root nor Debian of the same suite, and the programs run
# with the C library of their own suite, by the wrappers in FOLDER/bin. "ready" is written last: a folder without it
# was cut off half-way and is made again.
set -eu
folder=$1
suite=$2
shift 2

[ -e "$folder/ready" ] && exit 0
rm -rf "$folder"
apt=$folder/apt
mkdir -p "$folder/bin" "$folder/root" "$apt/state/lists/partial" "$apt/cache/archives/partial"
: >"$apt/state/status"

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -n "$mirror" ] && [ -e "$keyring" ] || {
  echo "This needs Debian: a mirror of it in apt's sources, and the package debian-archive-keyring." >&2
  exit 1
}
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
CONF
export APT_CONFIG="$apt/apt.conf"
apt-get -qq update
apt-get -qq install --yes --download-only "$@"
for package in "$apt"/cache/archives/*.deb; do
  dpkg -x "$package" "$folder/root"
done
rm -rf "$apt"

root=$(cd "$folder/root" && pwd)
loader=$(find "$root" -type f -name 'ld-linux*.so.*' | head -n 1)
machine=$(basename "$(dirname "$loader")")
for program in mysqld mariadbd mysql mysqldump mydumper myloader; do
  for path in "$root/usr/sbin/$program" "$root/usr/bin/$program"; do
    [ -e "$path" ] || continue
    printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
      "$loader" "$root/lib/$machine:$root/usr/lib/$machine" "$path" >"$folder/bin/$program"
    chmod +x "$folder/bin/$program"
  done
done
touch "$folder/ready"
