import type { Workspace } from '../support/workspace.ts';
import { killEachBackup } from './kill-each-backup.ts';

/** What a scene on any database server has. */
export interface ServerScene {
  readonly workspace: Workspace;
  url(database: string): string;
  /** Databases and sessions that Cofre has made and not yet cleared. */
  leftovers(): Promise<string[]>;
}

/** Kills backups of the scene's database `a`, as `killEachBackup`; nothing of them stays on the server. */
export async function killServerBackups(
  what: string,
  { workspace, url, leftovers }: ServerScene,
  kills: number,
) {
  const backup = {
    args: ['backup', '--url', url('a'), '--store', './backups', '--json'],
    options: { cwd: workspace.folder },
  };
  return await killEachBackup({ what, backup, database: 'a', cofre: workspace.open(), kills, leftovers });
}
