import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unpacked } from '../packages/unpacked.ts';
import { type MysqlVersion, type Version, versionOf } from './versions.ts';

/** Where the programs of one server are, and where copies of an initialised data folder may be kept. */
export interface Installation {
  readonly version: Version;
  /** Holds `mysqld`, by this name for MariaDB as well. */
  readonly bin: string;
  /** Holds `mysql` and `mysqldump`, by these names for MariaDB as well; of MariaDB 10.11 also `mydumper` and `myloader`. */
  readonly tools: string;
  /** What the server takes for where it was installed. */
  readonly usr: string;
  readonly share: string;
  readonly plugins: string;
  /** A folder for what was made with this very installation. */
  readonly cache: string;
}

/**
 * The programs of one server, unpacked into `.cache` by the first who needs them.
 *
 * @throws Error when that fails; the message ends with the output of apt-get or Maven.
 */
export async function unpackedServer(name: MysqlVersion): Promise<Installation> {
  const version = versionOf(name);
  const { bin, root, cache } = await unpacked(`${folderName(name)}-server`, version.packages);
  const [share, plugins] = [join(root, version.share), join(root, version.plugins)];
  mkdirSync(plugins, { recursive: true });
  const tools = version.tools ? (await unpackedServer(version.tools)).tools : bin;
  return { version, bin, tools, usr: join(root, 'usr'), share, plugins, cache };
}

/** Without what is read as something else in the path of a socket or a pattern. */
function folderName(name: MysqlVersion): string {
  return name.replaceAll('.', '_');
}
