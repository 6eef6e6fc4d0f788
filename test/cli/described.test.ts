import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RESTORE_FLAGS } from '../../lib/cli/commands/restore-options.ts';
import { addDescribed, flagName, readDescribed } from '../../lib/cli/described.ts';
import { backupOptions } from '../../lib/requests/backup.ts';
import { pruneOptions } from '../../lib/requests/prune.ts';
import { restoreOptions } from '../../lib/requests/restore.ts';

/** A command with the options of a restore, which throws instead of ending the process. */
function command(): Command {
  return addDescribed(new Command('restore'), restoreOptions, RESTORE_FLAGS)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
}

function read(...args: string[]) {
  const parsed = command().parse(args, { from: 'user' });
  return readDescribed(restoreOptions, parsed.opts(), RESTORE_FLAGS);
}

describe('options that a request describes', () => {
  test.each([
    [[], {}],
    [['--mode', 'in-place'], { mode: 'in-place' }],
    [['--jobs', '64'], { jobs: 64 }],
    [['--no-owner', '--no-privileges'], { noOwner: true, noPrivileges: true }],
    [['--terminate-connections'], { terminateConnections: true }],
    [['--table', 'a', '--table', 'b', '--replace'], { tables: ['a', 'b'], replace: true }],
    [['--safety-backup'], { safetyBackup: true }],
    [['--no-safety-backup'], { safetyBackup: false }],
  ])('%j is read as the request has it', (args, expected) => {
    expect(read(...args)).toEqual(expected);
  });

  test.each([
    [['--mode', 'fast'], 'transaction, swap, in-place'],
    [['--jobs', '0'], 'from 1 to 64'],
    [['--jobs', '65'], 'from 1 to 64'],
    [['--jobs', '1.5'], 'from 1 to 64'],
    [['--jobs'], 'argument missing'],
  ])('%j is refused with what is allowed', (args, said) => {
    expect(() => read(...args)).toThrow(said);
  });

  test.each([
    ['restore', restoreOptions, RESTORE_FLAGS],
    ['backup', backupOptions, {}],
    ['prune', pruneOptions, {}],
  ])('each field of a %s has an option with the text of its description', (_, request, flags) => {
    const help = addDescribed(new Command(), request, flags).helpInformation().replace(/\s+/g, ' ');
    for (const [field, schema] of Object.entries(request.shape)) {
      const { description = 'no description' } = z.toJSONSchema(schema, { io: 'input' });
      const text = description.replaceAll('`', '').replace(/^.|\.$/g, '');
      expect(help).toContain(flagName(field, flags));
      expect(help).toContain(text);
    }
  });
});
