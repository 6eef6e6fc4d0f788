// A process that moves money between rows of many tables, each time in one transaction, until it is told to stop.
// Arguments: URL, tables. Tells its parent of every hundredth transfer.
import { Client } from 'pg';

const [url, count] = process.argv.slice(2);
const tables = Number(count);
const client = new Client({ connectionString: url!, application_name: 'mover' });
let stopping = false;
process.on('message', () => {
  stopping = true;
});
const below = (limit: number) => Math.floor(Math.random() * limit);
await client.connect();
for (let moved = 1; !stopping; moved++) {
  const amount = 1 + below(9);
  // In one order, so that two movers never wait for each other.
  const [from, to] = [below(tables), below(tables)].sort((a, b) => a - b);
  await client.query('BEGIN');
  await client.query(`UPDATE purse_${from} SET balance = balance - ${amount} WHERE id = ${1 + below(100)}`);
  await client.query(`INSERT INTO ledger_${from} (amount) VALUES (${-amount})`);
  await client.query(`UPDATE purse_${to} SET balance = balance + ${amount} WHERE id = ${101 + below(100)}`);
  await client.query(`INSERT INTO ledger_${to} (amount) VALUES (${amount})`);
  await client.query('COMMIT');
  if (moved % 100 === 0) process.send?.(moved);
}
await client.end();
process.disconnect();
