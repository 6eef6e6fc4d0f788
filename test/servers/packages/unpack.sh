# Unpacks the packages of a server into a folder, once: unpack.sh FOLDER
#
# Run by unpacked.ts under flock(1), so that several test runs may call it at once; debian.sh and jar.sh say what they
# take from the environment. PROGRAMS has NAME=PATH for each program, separated by spaces; LINKS has LINK=TARGET;
# what is in the folder ADDED_FROM is copied into ADDED_TO. "ready" is written last: a folder without it was cut off
# half-way and is made again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1

[ -e "$folder/ready" ] && exit 0
rm -rf "$folder"
mkdir -p "$folder/bin"
sh "$here/debian.sh" "$folder"
[ -z "${JAR:-}" ] || sh "$here/jar.sh" "$folder"
for link in ${LINKS:-}; do
  ln -s "${link#*=}" "$folder/root/${link%%=*}"
done
[ -z "${ADDED_FROM:-}" ] || cp "$ADDED_FROM"/* "$folder/root/$ADDED_TO/"

# The programs run with the C library of their own suite, by wrappers that stand in their place: PostgreSQL's look for
# each other, and for their share folder, by where they are themselves.
# Where it really is: other clones may reach the cache by a link of their own, and outlive this one.
root=$(cd "$folder/root" && pwd -P)
loader=$(find "$root" -type f -name 'ld-linux*.so.*' | head -n 1)
system=$(basename "$(dirname "$loader")")
libraries=$root/opt/lib:$root/opt/lib/private:$root/opt/libs
for place in lib usr/lib; do
  for library in "$system" "$system/blas" "$system/lapack"; do
    libraries=$libraries:$root/$place/$library
  done
done
for program in $PROGRAMS; do
  path=$root/${program#*=}
  mv "$path" "$path.real"
  chmod +x "$path.real"
  printf '#!/bin/sh\nexec %s --argv0 %s --library-path %s %s "$@"\n' "$loader" "$path" "$libraries" "$path.real" >"$path"
  chmod +x "$path"
  ln -s "$path" "$folder/bin/${program%%=*}"
done
touch "$folder/ready"
