/** Id of the heading of the list of backups: the focus goes there when the row that had it is gone. */
export const BACKUPS_HEADING = 'backups-heading';
