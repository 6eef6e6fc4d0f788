import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineFor } from '../../../lib/engines/registry.ts';
import { contextOf, inputOf, type Taken, take } from '../../contracts/engine/harness.ts';
import { type PostgresServer, type PostgresVersion, startPostgres } from '../../servers/postgres/server.ts';
import { type Judge, judge } from '../../servers/postgres/tools.ts';
import { canonical, firstDifference, kindsIn } from './canonical.ts';
import { unexplained } from './restore-test-lab.ts';
import { loadSample } from './samples.ts';

/**
 * Every kind of thing that pg_dump 18 names in a dump of one database, but for `SECURITY LABEL`, which needs a
 * provider that no server ships. The sample has all of them, so what follows is about all of them.
 */
const KINDS = [
  ...['ACCESS METHOD', 'ACL', 'AGGREGATE', 'BLOB METADATA', 'BLOBS', 'CAST', 'CHECK CONSTRAINT', 'COLLATION'],
  ...[
    'COMMENT',
    'CONSTRAINT',
    'CONVERSION',
    'DEFAULT',
    'DEFAULT ACL',
    'DOMAIN',
    'EVENT TRIGGER',
    'EXTENSION',
  ],
  ...['FK CONSTRAINT', 'FOREIGN DATA WRAPPER', 'FOREIGN TABLE', 'FUNCTION', 'INDEX', 'INDEX ATTACH'],
  ...[
    'MATERIALIZED VIEW',
    'MATERIALIZED VIEW DATA',
    'OPERATOR',
    'OPERATOR CLASS',
    'OPERATOR FAMILY',
    'POLICY',
  ],
  ...[
    'PROCEDURAL LANGUAGE',
    'PROCEDURE',
    'PUBLICATION',
    'PUBLICATION TABLE',
    'ROW SECURITY',
    'RULE',
    'SCHEMA',
  ],
  ...['SEQUENCE', 'SEQUENCE OWNED BY', 'SEQUENCE SET', 'SERVER', 'SHELL TYPE', 'STATISTICS', 'SUBSCRIPTION'],
  ...['TABLE', 'TABLE ATTACH', 'TABLE DATA', 'TEXT SEARCH CONFIGURATION', 'TEXT SEARCH DICTIONARY'],
  ...['TEXT SEARCH PARSER', 'TEXT SEARCH TEMPLATE', 'TRANSFORM', 'TRIGGER', 'TYPE', 'USER MAPPING', 'VIEW'],
];
const KINDS_SINCE_15 = ['PUBLICATION TABLES IN SCHEMA'];

export const SAMPLES = ['chinook', 'every-kind', 'wide'] as const;

/** Round trips on one server, judged by pg_dump: every copy of ours equals that of `pg_dump | psql`. */
export function roundTrips(version: PostgresVersion, samples: readonly (typeof SAMPLES)[number][]): void {
  describe(`PostgreSQL ${version}`, () => {
    let server: PostgresServer;
    let tools: Judge;

    beforeAll(async () => {
      [server, tools] = [await startPostgres(version), await judge(version)];
    });

    afterAll(() => server?.stop());

    const seenByJudge = async (url: string) => canonical(await tools.pgDump(url));

    test('the sample holds every kind of thing', async () => {
      const dump = await tools.pgDump(await loadSample(server, 'every-kind'));
      const kinds = server.major < 15 ? KINDS : [...KINDS, ...KINDS_SINCE_15];
      expect(kindsIn(dump)).toEqual(kinds.toSorted());
    });

    describe.each(samples)('%s', (sample) => {
      let taken: Taken;
      /** The judge's dump of the judge's own copy: what every other copy has to equal. */
      let right: string;

      beforeAll(async () => {
        const [source, copy] = [await loadSample(server, sample), await server.createDatabase()];
        await tools.copy(source, copy);
        right = await seenByJudge(copy);
        taken = await take(engineFor(source), source);
      });

      test('loaded into an empty database, it equals what pg_dump and psql make', async () => {
        const target = await server.createDatabase();
        await engineFor(target).load(target, inputOf(taken), contextOf());
        expect(firstDifference(await seenByJudge(target), right)).toBe('');
        expect(await unexplained(taken, await take(engineFor(target), target))).toEqual(
          known(server.major, sample),
        );
      });

      test('loaded over another database, it equals the same, and nothing of the other is left', async () => {
        const target = await loadSample(server, 'occupied');
        await engineFor(target).load(target, inputOf(taken), contextOf());
        expect(firstDifference(await seenByJudge(target), right)).toBe('');
      });

      test('its frames, one after another, are a script for psql', async () => {
        const target = await server.createDatabase();
        await tools.psql(target, Buffer.concat(taken.frames.map(({ bytes }) => bytes)));
        expect(firstDifference(await seenByJudge(target), right)).toBe('');
      });
    });
  });
}

/**
 * pg_dump 18 takes it that nobody but the owner may make things in the schema `public`, which is so from version 15 on: on
 * 14, who was forbidden to may do so again.
 */
function known(major: number, sample: string): string[] {
  return major < 15 && sample === 'every-kind' ? ['ACL SCHEMA public'] : [];
}
