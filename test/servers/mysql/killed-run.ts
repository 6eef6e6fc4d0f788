// Stands for a test run that is killed while its server runs. Used by servers.test.ts.
import { startMysql } from './server.ts';

const { port, folder } = await startMysql('mysql');
console.log(JSON.stringify({ port, folder }));
setInterval(() => {}, 60_000);
