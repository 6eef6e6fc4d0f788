# Installs the servers of package-lock.json into a folder, once: install.sh FOLDER
#
# Run by packages.ts under flock(1), so that several test runs may call it at once. "ready" is written last: a
# folder without it was cut off half-way and is made again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1

[ -e "$folder/ready" ] && exit 0
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder"
npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
for server in "$folder"/node_modules/postgres-*; do
  cp "$here"/extension/* "$server/native/share/postgresql/extension/"
done
touch "$folder/ready"
