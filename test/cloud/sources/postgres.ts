import { PASSWORD } from '../../servers/postgres/data-folder.ts';
import { type PostgresServer, startPostgres } from '../../servers/postgres/server.ts';
import { loadSample } from '../../support/postgres/samples.ts';
import type { Source } from './source.ts';

const SECRET = 'prod/shop';

export interface PostgresSource extends Source {
  readonly server: PostgresServer;
  /** Its name on the server. */
  readonly database: string;
}

/** A shop on a server with passwords and TLS; the password is in Secrets Manager, as RDS keeps it. */
export async function postgresSource(): Promise<PostgresSource> {
  const server = await startPostgres(18);
  const database = new URL(await loadSample(server, 'chinook')).pathname.slice(1);
  const place = { engine: 'postgres', host: '127.0.0.1', port: server.port, user: 'postgres', database };
  const sums = ['customer', 'invoice', 'track'].map(
    (table) => `SELECT '${table}', count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM ${table} t`,
  );
  return {
    server,
    database,
    engine: 'postgres',
    name: 'shop',
    entry: { ...place, password: `\${secret:${SECRET}#password}`, sslmode: 'require' },
    secrets: { [SECRET]: JSON.stringify({ username: 'postgres', password: PASSWORD }) },
    fingerprint: () => server.sql(database, sums.join(' UNION ALL ')),
    damage: async () => {
      await server.sql(database, "DELETE FROM invoice_line; UPDATE customer SET first_name = 'Nobody'");
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
