// Stands for a test run that is killed while its server runs. Used by servers.test.ts.
import { startPostgres } from './server.ts';

const { port, folder } = await startPostgres(18);
console.log(JSON.stringify({ port, folder }));
setInterval(() => {}, 60_000);
