# Runs a server that ends with the test run that started it: guard.sh FOLDER TEMPLATE COMMAND...
#
# Copies TEMPLATE to FOLDER/data, runs COMMAND, and removes FOLDER when it has ended. Standard input is a pipe held
# by the test run. It ends when that process stops the server or is gone, even by SIGKILL. SIGQUIT is PostgreSQL's
# immediate shutdown; unlike SIGKILL, it gives shared memory back.
folder=$1
template=$2
shift 2

exec 3<&0
cp -rp --reflink=auto "$template" "$folder/data" 3<&-
"$@" </dev/null 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -QUIT "$server" 2>/dev/null; } &
wait "$server"
status=$?
cd /
rm -rf "$folder"
# Ends the waiting cat, too: the guard leads its process group.
trap '' TERM
kill -TERM 0
exit "$status"
