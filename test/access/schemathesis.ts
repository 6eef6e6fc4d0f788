import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureVenv, type Venv } from '../servers/venv.ts';

const REQUIREMENTS = join(import.meta.dirname, '../servers/schemathesis.txt');

export interface FuzzRun {
  /** The OpenAPI document. */
  readonly description: object;
  /** Of the API. */
  readonly url: string;
  readonly token: string;
  /** Where its files go. */
  readonly folder: string;
  readonly examples: number;
  readonly seed: number;
}

export interface FuzzResult {
  readonly ok: boolean;
  /** What it prints, failures with the requests that lead to them. */
  readonly report: string;
  /** Every exchange. */
  readonly exchanges: readonly Exchange[];
}

export interface Exchange {
  readonly request: { readonly method: string; readonly url: string };
  readonly response: {
    readonly status: number;
    readonly headers: unknown;
    readonly content: { text?: string };
  };
}

/** What an engine cannot do is refused by 400 though it fits the description, which knows no engines. */
const CONFIGURATION = `
[[operations]]
include-operation-id = "startRestore"
checks.positive_data_acceptance.enabled = false
`;

/** Runs Schemathesis, all its phases and checks. */
export async function fuzz(run: FuzzRun): Promise<FuzzResult> {
  const { python } = await installSchemathesis();
  const [openapi, toml, har] = ['openapi.json', 'schemathesis.toml', 'all.har'].map((it) =>
    join(run.folder, it),
  );
  await writeFile(openapi!, JSON.stringify(run.description));
  await writeFile(toml!, CONFIGURATION);
  const options = ['--url', run.url, '-H', `Authorization: Bearer ${run.token}`];
  const how = ['--max-examples', String(run.examples), '--seed', String(run.seed), '--no-color'];
  const kept = ['--report', 'har', '--report-har-path', har!, '--output-sanitize', 'false'];
  const command = ['-m', 'schemathesis.cli', '--config-file', toml!, 'run', openapi!];
  const { code, stdout } = await execute(run.folder, python, [
    ...command,
    ...options,
    ...how,
    ...kept,
    '--continue-on-failure',
  ]);
  const { log } = JSON.parse(await readFile(har!, 'utf8')) as { log: { entries: Exchange[] } };
  return { ok: code === 0, report: stdout, exchanges: log.entries };
}

export function installSchemathesis(): Promise<Venv> {
  return ensureVenv('schemathesis', REQUIREMENTS, ['3.13', '3.12']);
}

/** In its own folder: it remembers there what it found. */
function execute(
  cwd: string,
  command: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) =>
    execFile(command, args, { cwd, maxBuffer: Infinity }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, stdout: stdout + stderr }),
    ),
  );
}
