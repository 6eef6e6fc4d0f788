import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dump } from '../../../../lib/engines/mysql/dump.ts';
import { contextOf } from '../../../contracts/engine/harness.ts';
import { FLAVORS, type MysqlServer, startMysql } from '../../../servers/mysql/server.ts';
import { differences } from '../../../support/mysql/content-of.ts';
import { checksums, firstDifference, seenByMysqldump } from '../../../support/mysql/judged.ts';
import { loadSample } from '../../../support/mysql/samples.ts';

async function dumpText(url: string): Promise<Buffer> {
  const dumped = await dump(url, contextOf(), { jobs: 2, lockWaitMs: 10_000 });
  const frames: Buffer[] = [];
  for await (const { bytes, release } of dumped.frames) {
    frames.push(Buffer.from(bytes.slice()));
    release?.();
  }
  expect(dumped.summary().warnings).toEqual([]);
  return Buffer.concat(frames);
}

describe.each(FLAVORS)('%s', (flavor) => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysql(flavor);
  });
  afterAll(() => server?.stop());

  describe.each(['chinook', 'every-kind', 'wide', 'beyond'] as const)('%s', (sample) => {
    let source: string;
    let text: Buffer;

    beforeAll(async () => {
      source = await loadSample(server, sample);
      text = await dumpText(source);
    });

    test('the dump is a script for mysql, and what it makes is what was there', async () => {
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
});
