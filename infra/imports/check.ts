// `npm run check`: whether imports go the ways of rules.ts, in this project or in the folder named as argument.
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { judge } from './judge.ts';
import { readImports } from './read.ts';

const FOLDERS = ['lib', 'functions', 'infra'];
const ROOT = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../..'));

const files = FOLDERS.flatMap((folder) => {
  const found = globSync(`${folder}/**/*.{ts,tsx,js,mjs,cjs}`, { cwd: ROOT });
  if (found.length === 0) throw new Error(`${ROOT} has no sources in ${folder}/.`);
  return found;
});
const wrong = files.flatMap((file) =>
  judge(file, readImports(file, readFileSync(resolve(ROOT, file), 'utf8'))),
);

for (const it of wrong) console.error(it);
if (wrong.length > 0) process.exitCode = 1;
else console.log(`Checked the imports of ${files.length} files.`);
