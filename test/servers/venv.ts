import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cacheFolder = join(import.meta.dirname, '../../.cache');
const makeVenv = join(import.meta.dirname, 'make_venv.py');

export interface Venv {
  /** The environment's folder, kept for later runs. */
  readonly folder: string;
  /** Its Python interpreter. */
  readonly python: string;
}

/** A Python script that runs once, in the new environment's folder, when its packages are installed. */
export interface Preparation {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Interpreter {
  readonly path: string;
  readonly version: string;
}

/**
 * Makes a Python virtual environment under `.cache`, or finds the one an earlier run made. Several
 * processes may call this at once; `make_venv.py` has the lock.
 *
 * @param requirements path of a pip requirements file
 * @param pythonVersions acceptable Python versions, best first, such as `3.13`
 * @throws Error when there is no such Python, or pip fails; the message ends with its last output.
 */
export async function ensureVenv(
  name: string,
  requirements: string,
  pythonVersions: readonly string[],
  preparation?: Preparation,
): Promise<Venv> {
  const interpreter = await findPython(pythonVersions);
  const folder = join(cacheFolder, `${name}-${fingerprint(interpreter, requirements, preparation)}`);
  if (!existsSync(join(folder, 'ready'))) await build(interpreter, folder, requirements, preparation);
  return { folder, python: join(folder, 'bin/python') };
}

/** A virtual environment links to its interpreter, so the interpreter's path counts too. */
function fingerprint(interpreter: Interpreter, requirements: string, preparation?: Preparation): string {
  const hash = createHash('sha256').update(JSON.stringify([interpreter, preparation?.env]));
  for (const file of [requirements, makeVenv, preparation?.script]) {
    if (file !== undefined) hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}

async function build(
  { path }: Interpreter,
  folder: string,
  requirements: string,
  preparation?: Preparation,
): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true });
  const scripts = preparation === undefined ? [] : [preparation.script];
  const env = { ...process.env, ...preparation?.env };
  try {
    await run(path, [makeVenv, folder, requirements, ...scripts], { env, maxBuffer: Infinity });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    const output = `${stdout}\n${stderr}`.split('\n').slice(-40).join('\n');
    throw new Error(`Cannot install ${requirements} into ${folder}:\n${output}`, { cause: error });
  }
}

async function findPython(versions: readonly string[]): Promise<Interpreter> {
  for (const version of versions) {
    for (const command of [...pyenvPythons(version), `python${version}`, 'python3']) {
      const interpreter = await probe(command);
      if (interpreter?.version.startsWith(`${version}.`)) return interpreter;
    }
  }
  throw new Error(
    `The tests need Python ${versions.join(' or ')} with its venv module, on PATH or from pyenv. ` +
      `Install one, for example: apt-get install python${versions[0]}-venv, or pyenv install ${versions[0]}`,
  );
}

function pyenvPythons(version: string): string[] {
  const folder = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(folder)) return [];
  const installed = readdirSync(folder).filter((name) => name.startsWith(`${version}.`));
  return installed.map((name) => join(folder, name, 'bin/python3'));
}

/** Undefined when the command is missing, is a pyenv shim without a version, or cannot make environments. */
async function probe(command: string): Promise<Interpreter | undefined> {
  const script =
    'import ensurepip, platform, ssl, sys, venv; print(sys.executable, platform.python_version())';
  try {
    const { stdout } = await run(command, ['-c', script]);
    const [path, version] = stdout.trim().split(' ');
    return path && version ? { path, version } : undefined;
  } catch {
    return undefined;
  }
}
