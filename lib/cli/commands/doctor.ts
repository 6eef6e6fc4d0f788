import type { Database } from '../../backup.ts';
import type { Cofre } from '../../cofre.ts';
import { type Diagnosis, diagnose } from '../../doctor.ts';
import { CofreError } from '../../errors.ts';
import { Ended } from '../ended.ts';
import type { CliSession } from '../session.ts';
import { chooseDatabase } from './backup.ts';

export interface DoctorOptions {
  readonly database?: string;
  readonly url?: string;
}

/** One database, or all of the configuration. Ends with 1 when something is wrong that could not be mended. */
export async function doctorCommand(
  { cofre, output, process }: CliSession,
  options: DoctorOptions,
): Promise<void> {
  const diagnoses: Diagnosis[] = [];
  for (const database of await chosen(cofre, options)) {
    diagnoses.push(await diagnose(cofre, database, process.signal));
  }
  const ok = diagnoses.every((it) => it.ok);
  output.result({ ok, databases: diagnoses }, () => diagnoses.map(describe).join('\n'));
  if (!ok) throw new Ended(1);
}

async function chosen(cofre: Cofre, options: DoctorOptions): Promise<Database[]> {
  if (options.database !== undefined || options.url !== undefined)
    return [await chooseDatabase(cofre, options)];
  const names = Object.keys(cofre.config.databases);
  if (names.length === 0) {
    throw new CofreError('USAGE', 'Which database? The configuration has none.', { hint: 'Give --url.' });
  }
  return await Promise.all(names.map((name) => cofre.database(name)));
}

function describe({ database, target, engine, version, ok, findings }: Diagnosis): string {
  const state = ok ? 'in order' : 'not in order';
  const what = version === null ? engine : `${engine} ${version}`;
  const lines = findings.map(({ kind, text }) => `  ${kind} ${text}`);
  return [`${database} (${target}, ${what}): ${state}.`, ...lines].join('\n');
}
