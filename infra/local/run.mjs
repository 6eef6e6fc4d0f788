// Runs a module of this project under its own Node (24, from the `node` package), installing what is missing first.
// Plain JavaScript without imports of ours: it must work on any Node >= 20 and before `npm ci`.
//   node infra/local/run.mjs MODULE [ARG ...]
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Start files that have moved: scripts which name the old place still start. */
const MOVED = new Map([['lib/cli/main.ts', 'infra/local/cli.ts']]);

const [given, ...args] = process.argv.slice(2);
const module = MOVED.get(relative(root, resolve(root, given)).replaceAll('\\', '/')) ?? given;
const modifiedAt = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes node_modules/.package-lock.json last, so its time says whether the install is whole and current.
if (modifiedAt('node_modules/.package-lock.json') < modifiedAt('package-lock.json')) {
  process.stderr.write('Installing dependencies (npm ci) ...\n');
  // npm's stdout goes to stderr: with --json, stdout carries one object and nothing else.
  const install = spawnSync('npm', ['ci'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) {
    process.stderr.write(
      'npm ci failed: see above. Check the network and the registry settings, then try again.\n',
    );
    process.exit(1);
  }
}

// A command starts in half the time when Node need not compile its modules again.
process.env.NODE_COMPILE_CACHE ??= join(root, '.cache/compiled');
if (Number.parseInt(process.versions.node, 10) >= 24) {
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  process.argv = [process.argv[0], resolve(root, module), ...args];
  await import(pathToFileURL(resolve(root, module)).href);
} else {
  const { spawn } = await import('node:child_process');
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const child = spawn(node, [resolve(root, module), ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)));
}
