import { postgresEngine } from '../../../lib/engines/postgres/engine.ts';
import { contextOf } from '../../contracts/engine/harness.ts';

// Makes a scratch database on the server of the URL given, tells its name, and does nothing more until it is killed.
const [place] = process.argv.slice(2);
const like = { rawSize: 0, tables: [] };
const scratch = await postgresEngine().restoreTest!.openScratch(place!, like, contextOf());
process.send!(scratch.name);
setInterval(() => {}, 60_000);
