// Writes the schemas of functions/openapi.json from the descriptions in lib/requests and lib/answers: `npm run openapi`.
// With `--check` it only says whether they are current. Paths, texts, roles and statuses are written by hand there.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { described } from './document.ts';

const FILE = fileURLToPath(new URL('../openapi.json', import.meta.url));

const now = JSON.parse(readFileSync(FILE, 'utf8'));
const wanted = described(now);
if (process.argv.includes('--check')) {
  if (!isDeepStrictEqual(now, wanted)) {
    process.stderr.write(
      'functions/openapi.json is not what lib/requests and lib/answers describe: npm run openapi.\n',
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(FILE, `${JSON.stringify(wanted, undefined, 2)}\n`);
}
