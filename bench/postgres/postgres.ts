import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../test/servers/postgres/server.ts';
import { judge } from '../../test/servers/postgres/tools.ts';
import type { Bed, BedOptions, Suite } from '../suite.ts';
import { type Commands, cases } from './cases.ts';

const MAJOR = 18;
/** Tickets that make a GiB of database with their comments and events, measured. */
const TICKETS_PER_GIB = 440_000;

/** PostgreSQL against its own tools of the same version: one server, one database, the same local store. */
export const postgres: Suite = {
  title: 'PostgreSQL',
  open: async (options) => {
    const opened = new AsyncDisposableStack();
    const server = await startPostgres(MAJOR, { folder: tmpdir() });
    opened.defer(() => server.stop());
    const tools = await judge();
    await server.createDatabase('bench');
    await server.sql('bench', helpdesk(options));
    const [size] = (await server.sql('bench', 'SELECT pg_database_size(current_database())')).split('\n');
    console.log(`Made a database of ${(Number(size) / 1024 ** 3).toFixed(2)} GiB`);
    const commands: Commands = {
      cofre: options.cofre,
      tool: (name) => `'${join(tools.bin, name)}'`,
      // The tools of the comparison speak no TLS.
      url: (database) => `'${server.url(database)}?sslmode=disable'`,
    };
    return bed(commands, opened);
  },
};

function bed(commands: Commands, opened: AsyncDisposableStack): Bed {
  const { cofre, tool, url } = commands;
  return {
    versions: `PostgreSQL ${MAJOR}, its own tools, on the same machine`,
    cases: cases(commands),
    prepare: [
      `rm -rf made && ${cofre} backup --url ${url('bench')} --store ./made`,
      `${tool('pg_dump')} -d ${url('bench')} | zstd -q -3 -o made/plain.sql.zst`,
      `${tool('pg_dump')} -Fc -d ${url('bench')} -f made/custom.dump`,
    ].join(' && '),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function helpdesk({ gib }: BedOptions): string {
  const sql = readFileSync(join(import.meta.dirname, 'helpdesk.sql'), 'utf8');
  return sql.replaceAll(':tickets', String(Math.round(gib * TICKETS_PER_GIB)));
}
