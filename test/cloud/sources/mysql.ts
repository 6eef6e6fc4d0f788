import { type Flavor, PASSWORD, startMysql } from '../../servers/mysql/server.ts';
import { checksums, seenByMysqldump } from '../../support/mysql/judged.ts';
import { loadSample } from '../../support/mysql/samples.ts';
import type { Source } from './source.ts';

/** A server with passwords and TLS; the user is none of its superusers, and the password is in Secrets Manager. */
export async function mysqlSource(flavor: Flavor, name: string): Promise<Source> {
  const server = await startMysql(flavor);
  const url = await loadSample(server, 'chinook');
  const database = new URL(url).pathname.slice(1);
  await server.createUser('cofre', [`ALL ON \`${database}\`.*`, 'ALL ON `cofre\\_%`.*', 'RELOAD ON *.*']);
  const secret = `prod/${name}`;
  const place = { engine: flavor, host: '127.0.0.1', port: server.port, user: 'cofre', database };
  return {
    engine: 'mysql',
    name,
    entry: { ...place, password: `\${secret:${secret}#password}`, sslmode: 'require' },
    secrets: { [secret]: JSON.stringify({ username: 'cofre', password: PASSWORD }) },
    fingerprint: async () =>
      (await seenByMysqldump(server, url)) + JSON.stringify(await checksums(server, url)),
    damage: async () => {
      await server.sql(database, "DELETE FROM InvoiceLine; UPDATE Customer SET FirstName = 'Nobody'");
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
