import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../lib/archive/manifest.ts';
import type { LoadOptions } from '../../lib/engines/engine.ts';
import { requireRestorable } from '../../lib/restore.ts';
import { requireUndo } from '../../lib/undo.ts';
import { scriptedDatabase } from '../support/scripted-engine.ts';

const of = (name: string) => ({ label: 'shop-1', manifest: { engine: { name } } as Manifest });
const sqlite = scriptedDatabase('shop');
const able = scriptedDatabase('shop', {
  name: 'postgres',
  capabilities: { orderedFrames: false, roles: true },
  modes: ['transaction', 'swap'],
});

describe('what cannot be restored is refused before anything is touched', () => {
  test.each([
    ['postgres', sqlite],
    ['mysql', sqlite],
    ['sqlite', able],
  ])('a backup of %s into another engine', (name, target) => {
    expect(() => requireRestorable(of(name), target, {})).toThrow(
      expect.objectContaining({
        code: 'RESTORE_REFUSED',
        hint: expect.stringContaining('nothing was changed'),
      }),
    );
  });

  test.each<LoadOptions>([
    { mode: 'swap' },
    { noOwner: true },
    { noPrivileges: true },
    { terminateConnections: true },
    { jobs: 2 },
  ])('%j, which SQLite has not', (options) => {
    expect(() => requireRestorable(of('sqlite'), sqlite, options)).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.any(String) }),
    );
  });

  test('several connections in one transaction', () => {
    expect(() => requireRestorable(of('postgres'), able, { jobs: 2 })).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('--mode swap') }),
    );
  });

  test('an undo where there is no swap', () => {
    expect(() => requireUndo(sqlite)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

test.each<LoadOptions>([
  {},
  { mode: 'swap', jobs: 4 },
  { noOwner: true, noPrivileges: true, terminateConnections: true },
])('%j is possible where the engine can', (options) => {
  expect(() => requireRestorable(of('postgres'), able, options)).not.toThrow();
});
