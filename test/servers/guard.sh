# Runs a database server that ends with the test run that started it: guard.sh FOLDER TEMPLATE SIGNAL COMMAND...
#
# Copies TEMPLATE to FOLDER/data, runs COMMAND, and removes FOLDER when it has ended. Standard input is a pipe held
# by the test run. It ends when that process stops the server or is gone, even by SIGKILL. SIGNAL then ends the server:
# QUIT is PostgreSQL's immediate shutdown, which gives shared memory back; for others KILL is quickest.
folder=$1
template=$2
signal=$3
shift 3

exec 3<&0
cp -rp --reflink=auto "$template" "$folder/data" 3<&-
"$@" </dev/null 3<&- &
server=$!
# The shell tells of a server that was killed, on a pipe that nobody may read any more.
trap '' PIPE
{ cat <&3 >/dev/null; kill "-$signal" "$server" 2>/dev/null; } &
wait "$server"
status=$?
cd /
rm -rf "$folder"
# Ends the waiting cat, too: the guard leads its process group.
trap '' TERM
kill -TERM 0
exit "$status"
