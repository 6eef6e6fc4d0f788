import { beforeAll, describe, expect, test } from 'vitest';
import type { MysqlServer } from '../../servers/mysql/server.ts';
import { differences } from './content-of.ts';
import { type Dumped, dumped } from './dumping.ts';
import { checksums, firstDifference, seenByMysqldump } from './judged.ts';
import { type LoadLab, loadDumped, loadText } from './load-lab.ts';
import { loadSample } from './samples.ts';

export const SAMPLES = ['chinook', 'every-kind', 'wide', 'beyond'] as const;
/** Without the large one, which a server's version makes no difference to. */
export const SMALL_SAMPLES = ['chinook', 'every-kind', 'beyond'] as const;

type Samples = readonly (typeof SAMPLES)[number][];

/** Dumps that `mysql` loads, on the server that `serverOf` gives once the tests run; judged by mysqldump. */
export function dumpRoundTrips(serverOf: () => MysqlServer, samples: Samples = SAMPLES): void {
  describe.each(samples)('%s', (sample) => {
    test('the dump is a script for mysql, and what it makes is what was there', async () => {
      const server = serverOf();
      const source = await loadSample(server, sample);
      const { text, summary } = await dumped(source);
      expect(summary.warnings).toEqual([]);
      const target = await server.createDatabase();
      await server.tools.run(target, text);
      const is = await seenByMysqldump(server, target);
      expect(firstDifference(is, await seenByMysqldump(server, source))).toBe('');
      expect(await differences(source, target)).toEqual([]);
      expect(await checksums(server, target)).toEqual(await checksums(server, source));
      if (sample === 'beyond') return;
      const copy = await server.createDatabase();
      await server.tools.copy(source, copy);
      expect(firstDifference(is, await seenByMysqldump(server, copy))).toBe('');
    });
  });
}

/** Restores of all kinds, in the lab that `labOf` gives once the tests run; judged by mysqldump. */
export function loadRoundTrips(labOf: () => LoadLab, samples: Samples = SAMPLES): void {
  describe.each(samples)('%s', (sample) => {
    let lab: LoadLab;
    let source: string;
    let dump: Dumped;
    let seen: string;
    let sums: Record<string, string>;

    beforeAll(async () => {
      lab = labOf();
      source = await loadSample(lab.server, sample);
      dump = await dumped(source);
      seen = await seenByMysqldump(lab.server, source);
      sums = await checksums(lab.server, source);
    });

    async function expectSame(url: string): Promise<void> {
      expect(firstDifference(await seenByMysqldump(lab.server, url), seen)).toBe('');
      expect(await checksums(lab.server, url)).toEqual(sums);
      expect(await lab.leftovers()).toEqual([]);
    }

    test('into a database that does not exist', async () => {
      const target = lab.reserve();
      const result = await loadDumped(target, dump);
      expect(result.tables).toEqual(dump.summary.tables);
      expect(result.warnings).toEqual([]);
      await expectSame(target);
    });

    test('over a database that has other things under the same names, and once more over itself', async () => {
      const target = await loadSample(lab.server, 'occupied');
      await loadDumped(target, dump);
      await expectSame(target);
      await loadDumped(target, dump);
      await expectSame(target);
    });

    test('as a plain file', async () => {
      const target = await lab.make();
      const result = await loadText(target, dump.text);
      expect(result.tables).toEqual(dump.summary.tables);
      await expectSame(target);
    });

    test('as a file of mysqldump: the same as mysql makes of it', async () => {
      if (sample === 'beyond') return;
      const file = await lab.server.tools.dump(source, '--routines', '--triggers', '--events', '--hex-blob');
      const [target, copy] = [await loadSample(lab.server, 'occupied'), await lab.make()];
      await loadText(target, file);
      await lab.server.tools.run(copy, file);
      const is = await seenByMysqldump(lab.server, target);
      expect(firstDifference(is, await seenByMysqldump(lab.server, copy))).toBe('');
      expect(await checksums(lab.server, target)).toEqual(await checksums(lab.server, copy));
      expect(await lab.leftovers()).toEqual([]);
    });
  });
}
