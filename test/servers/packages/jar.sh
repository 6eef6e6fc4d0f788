# Fetches a jar from Maven's central repository and takes a server out of it, into FOLDER/root/opt: jar.sh FOLDER
#
# Called by unpack.sh, with
#   JAR         group:name:version
#   JAR_SHA256  of the file
#   JAR_PART    in the jar: a folder, or a packed one (.tar.gz)
set -eu
folder=$1
work=$folder/jar
mkdir -p "$work" "$folder/root/opt"

# The version of the plug-in is the one that Maven 3.8 would take by itself.
mvn --batch-mode --quiet org.apache.maven.plugins:maven-dependency-plugin:2.8:copy \
  "-Dartifact=$JAR:jar" "-DoutputDirectory=$work"
jar=$(find "$work" -name '*.jar')
echo "$JAR_SHA256  $jar" | sha256sum --check --quiet

python3 -m zipfile -e "$jar" "$work/content"
case $JAR_PART in
*.tar.gz) tar -xzf "$work/content/$JAR_PART" -C "$folder/root/opt" ;;
*) mv "$work/content/$JAR_PART"/* "$folder/root/opt" ;;
esac
rm -rf "$work"
