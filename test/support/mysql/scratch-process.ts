// A process that does with a database what a restore test does, and says when each part is done. Arguments: URL of the
// source, URL of a place, what to do (`test`, again and again; `open` and stay; `sweep`).
import { mysqlEngine } from '../../../lib/engines/mysql/engine.ts';
import { contextOf, inputOf, take } from '../../contracts/engine/harness.ts';

const [, , source, place, task] = process.argv as [string, string, string, string, string];
const engine = mysqlEngine({ lockSeconds: 20, jobs: 2 });
const say = (what: string) => process.send?.(what);

if (task === 'sweep') {
  say(String(await engine.sweep(place)));
  process.exit();
}
const taken = await take(engine, source);
const expected = { rawSize: taken.rawSize, tables: taken.summary.tables, details: taken.summary.details };
say('ready');
for (;;) {
  const scratch = await engine.restoreTest.openScratch(place, expected, contextOf());
  say(scratch.name);
  if (task === 'open') await new Promise((resolve) => setInterval(resolve, 1e8));
  await engine.load(scratch.url, inputOf(taken), contextOf(), { inert: true });
  await take(engine, scratch.url);
  await scratch.drop();
  say('done');
}
