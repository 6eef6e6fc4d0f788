import type { Database, VerbDeps } from './backup.ts';
import type { EngineContext, Finding } from './engines/engine.ts';
import { toCofreError } from './errors.ts';
import { redactUrl } from './secrets.ts';

/** How a database is. */
export interface Diagnosis {
  readonly database: string;
  /** Without secrets. */
  readonly target: string;
  readonly engine: string;
  /** Of the database system; `null` when it cannot be reached, or there is no database. */
  readonly version: string | null;
  /** Nothing is wrong, or not any more. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Clears what killed runs have left at a database, finishing or undoing what they had begun, and looks whether it can be
 * backed up. Never throws for what is wrong with the database: that is a finding.
 */
export async function diagnose(
  { clock, logger }: Pick<VerbDeps, 'clock' | 'logger'>,
  { name, engine, url }: Database,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const context: EngineContext = { signal, clock, logger, ...IDLE };
  const findings: Finding[] = [];
  const trying = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      findings.push(problem(error));
    }
  };
  let version: string | null = null;
  await trying(async () => {
    if (engine.doctor) findings.push(...(await engine.doctor(url, context)));
    else findings.push(...swept(await engine.sweep(url)));
    const info = await engine.inspect(url, context);
    version = info.exists ? info.version : null;
    if (!info.exists) findings.push({ kind: 'problem', text: 'There is no such database.' });
    findings.push(...info.warnings.map((text): Finding => ({ kind: 'problem', text })));
  });
  const ok = findings.every(({ kind }) => kind === 'mended');
  return { database: name, target: redactUrl(url), engine: engine.name, version, ok, findings };
}

/** No job: it takes nothing from one that runs, as whatever that has made is known to be in use. */
const IDLE: Pick<EngineContext, 'report' | 'fence'> = { report: () => {}, fence: async () => {} };

function swept(count: number): Finding[] {
  if (count === 0) return [];
  const things = count === 1 ? 'One thing' : `${count} things`;
  return [{ kind: 'mended', text: `${things} that killed runs had left were cleared away.` }];
}

function problem(error: unknown): Finding {
  const { message, hint } = toCofreError(error);
  return { kind: 'problem', text: hint === undefined ? message : `${message} ${hint}` };
}
