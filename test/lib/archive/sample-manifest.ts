import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Manifest } from '../../../lib/archive/manifest.ts';

const count = fc.integer({ min: 0, max: 1_000_000_000 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });

const frames = fc.array(
  fc.record({ size: count, rawSize: count, rows: count, table: fc.option(text, { nil: undefined }) }),
  { maxLength: 5 },
);

/** Manifests whose parts agree with each other. */
export const anyManifest: fc.Arbitrary<Manifest> = fc
  .record({ frames, warnings: fc.array(text, { maxLength: 3 }), actor: text, seconds: fc.nat() })
  .map(({ frames: pieces, ...rest }) => ({ ...sampleManifest(pieces), ...rest }));

type Piece = { size: number; rawSize: number; rows: number; table?: string | undefined };

export function sampleManifest(pieces: readonly Piece[]): Manifest {
  let offset = 0;
  const records = pieces.map(({ table, ...piece }) => {
    const record = {
      section: 'data' as const,
      ...(table !== undefined && { table }),
      offset,
      ...piece,
      sha256: hash(offset),
    };
    offset += piece.size;
    return record;
  });
  const rawSize = pieces.reduce((sum, it) => sum + it.rawSize, 0);
  return {
    format: 1,
    id: 'shop-20261123-185853',
    database: 'shop',
    archive: {
      file: 'db_backup_20261123_185853.sqlite3.zst',
      plainName: 'db_backup_20261123_185853.sqlite3',
      compression: 'zstd',
      size: offset,
      rawSize,
      sha256: hash(offset),
    },
    engine: { name: 'sqlite', version: '3.53.0' },
    tool: { name: 'cofre', version: '0.1.0' },
    trigger: 'manual',
    actor: 'test',
    retention: 'manual',
    startedAt: '2026-11-23T18:58:53.000Z',
    finishedAt: '2026-11-23T18:58:54.250Z',
    seconds: 1.25,
    rows: 3,
    tables: [{ name: 'orders', rows: 3 }],
    warnings: [],
    details: { pageSize: 4096, journalMode: 'wal', odd: null, flag: true },
    frames: records,
  };
}

const hash = (of: number) => createHash('sha256').update(String(of)).digest('hex');
