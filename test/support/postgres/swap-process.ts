// A process that restores by a swap until it is done or killed. Arguments: URL, file of the frames (v8.serialize).
// Tells its parent when it begins and of its end.
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { postgresEngine } from '../../../lib/engines/postgres/engine.ts';
import { contextOf } from '../../contracts/engine/harness.ts';
import { inputOf, LIMITS } from './swap-lab.ts';

const [url = '', file = ''] = process.argv.slice(2);
const input = inputOf({ frames: deserialize(readFileSync(file)) });
process.send?.('begun');
const engine = postgresEngine({ lockSeconds: LIMITS.lockWaitMs / 1_000, jobs: LIMITS.jobs });
await engine.load(url, input, contextOf(), { mode: 'swap', terminateConnections: true });
process.send?.('done');
process.disconnect();
