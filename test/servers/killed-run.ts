// Stands for a test run that is killed while its server runs. Used by servers.test.ts.
import { startMiniStack } from './ministack.ts';

console.log((await startMiniStack()).endpoint);
setInterval(() => {}, 60_000);
