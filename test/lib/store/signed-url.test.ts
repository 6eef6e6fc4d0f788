import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CofreError } from '../../../lib/errors.ts';
import { signDownload, verifyDownload } from '../../../lib/store/signed-url.ts';
import type { DownloadUrlOptions } from '../../../lib/store/store.ts';

const SECRET = 'a secret of this test';
const NOW = new Date('2026-11-23T18:58:53.250Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const options = fc.record(
  {
    expiresIn: fc.integer({ min: 1, max: 604_800 }),
    fileName: fc.string({ unit: 'grapheme', minLength: 1 }),
    contentType: fc.stringMatching(/^[a-z]+\/[a-z+.-]+$/),
    contentEncoding: fc.constantFrom('zstd' as const, 'gzip' as const),
  },
  { requiredKeys: ['expiresIn', 'fileName'] },
) as fc.Arbitrary<DownloadUrlOptions>;
const key = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 3 })
  .map((all) => all.join('/'));

describe('signed download paths', () => {
  test('verify gives back what sign was given (300 random cases)', () => {
    fc.assert(
      fc.property(key, options, (name, given) => {
        const { expiresIn, ...rest } = verifyDownload(signDownload(name, given, SECRET, NOW), SECRET, NOW);
        expect(rest).toEqual({ key: name, ...given, expiresIn: undefined });
        expect(given.expiresIn - expiresIn).toBeCloseTo(0.25);
      }),
      { numRuns: 300 },
    );
  });

  test('a path with any one character changed is refused (every position of a path)', () => {
    const path = signDownload(
      'shop/a b.sql',
      { expiresIn: 60, fileName: 'a.sql', contentType: 'x/y' },
      SECRET,
      NOW,
    );
    for (let at = 0; at < path.length; at += 1) {
      const changed = path.slice(0, at) + (path[at] === 'x' ? 'y' : 'x') + path.slice(at + 1);
      expect([changed, outcome(changed, NOW)]).toEqual([changed, 'STORE_DENIED']);
    }
  });

  test('a path works until its last second, and no longer', () => {
    const path = signDownload('a', { expiresIn: 60, fileName: 'a' }, SECRET, NOW);
    expect(outcome(path, later(59))).toBe('a');
    expect(outcome(path, later(60))).toBe('STORE_DENIED');
    expect(outcome(path, later(1e9))).toBe('STORE_DENIED');
  });

  test('parameters cannot be added, doubled, left out or moved into each other (7 cases)', () => {
    const path = signDownload('a', { expiresIn: 60, fileName: 'n', contentType: 't' }, SECRET, NOW);
    expect(outcome(path, NOW)).toBe('a');
    const changes = [
      `${path}&x=1`,
      `${path}&name=other`,
      path.replace('&type=t', ''),
      path.replace('name=n&type=t', 'name=nt'),
      path.replace('name=n&type=t', 'name=t&type=n'),
      path.replace(/&signature=.*/, ''),
      path.replace('?', '%3F'),
    ];
    expect(changes.map((changed) => outcome(changed, NOW))).toEqual(changes.map(() => 'STORE_DENIED'));
  });

  test('another secret, another path and nonsense are refused (5 cases)', () => {
    const path = signDownload('a', { expiresIn: 60, fileName: 'n' }, 'another secret', NOW);
    for (const wrong of [path, path.replace('/files/', '/other/'), '', '/files/', '/files/%?expires=1']) {
      expect(outcome(wrong, NOW)).toBe('STORE_DENIED');
    }
  });

  test('".." in a path stays in the key, for the store to refuse, and is not resolved', () => {
    const path = signDownload('a/../../b', { expiresIn: 60, fileName: 'n' }, SECRET, NOW);
    expect(verifyDownload(path, SECRET, NOW).key).toBe('a/../../b');
  });
});

/** The key, or the code of the error. */
function outcome(path: string, now: Date): string {
  try {
    return verifyDownload(path, SECRET, now).key;
  } catch (error) {
    return error instanceof CofreError ? error.code : `not a CofreError: ${error}`;
  }
}
