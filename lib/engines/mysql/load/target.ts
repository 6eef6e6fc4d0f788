import { oneRow } from '../connection/one-row.ts';
import type { Flavor } from '../connection/server-facts.ts';
import type { MysqlSession } from '../connection/session.ts';

/** What a restore has to know of the server that it goes to. */
export interface TargetServer {
  /** bytes. */
  readonly maxAllowedPacket: number;
  /** 0: names of tables as written, and case counts; else it does not. */
  readonly lowerCaseTableNames: number;
  /** Events that are enabled run. */
  readonly schedulerIsOn: boolean;
  readonly collations: ReadonlySet<string>;
  readonly characterSets: ReadonlySet<string>;
  /** Storage engines, in capitals. */
  readonly engines: ReadonlySet<string>;
}

type Settings = Readonly<Record<'packet' | 'names' | 'scheduler', unknown>>;

const SETTINGS =
  'SELECT @@session.max_allowed_packet AS packet, @@lower_case_table_names AS names, @@global.event_scheduler AS scheduler';

/** MariaDB takes it for columns and lists it nowhere: how names of tables are written as names of files. */
const UNLISTED: Readonly<Record<Flavor, readonly string[]>> = { mariadb: ['filename'], mysql: [] };

/** MariaDB since 10.10 lists the names of some collations without their character set, in another table. */
const NAMES = {
  collations: 'SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS',
  fullCollations:
    'SELECT FULL_COLLATION_NAME AS name FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY',
  characterSets: 'SELECT CHARACTER_SET_NAME AS name FROM information_schema.CHARACTER_SETS',
  engines: "SELECT ENGINE AS name FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT')",
};

export async function readTarget(session: MysqlSession): Promise<TargetServer> {
  const { packet, names, scheduler } = await oneRow<Settings>(session, SETTINGS);
  const collations = [
    ...(await namesOf(session, NAMES.collations)),
    ...(await namesOf(session, NAMES.fullCollations).catch(() => [])),
  ];
  const unlisted = UNLISTED[session.server.flavor];
  return {
    maxAllowedPacket: Number(packet),
    lowerCaseTableNames: Number(names),
    schedulerIsOn: /^(?:ON|1)$/.test(String(scheduler)),
    collations: new Set([...collations, ...unlisted]),
    characterSets: new Set([...(await namesOf(session, NAMES.characterSets)), ...unlisted]),
    engines: new Set((await namesOf(session, NAMES.engines)).map((name) => name.toUpperCase())),
  };
}

async function namesOf(session: MysqlSession, sql: string): Promise<string[]> {
  const rows = await session.query<{ name: string | null }>(sql);
  return rows.flatMap(({ name }) => name?.toLowerCase() ?? []);
}
