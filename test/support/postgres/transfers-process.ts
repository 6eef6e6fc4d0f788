// A process that moves money between accounts, each time in one transaction with a row of `transfers`, until its
// standard input ends. Argument: URL. Tells its parent of every transfer.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const client = new Client({ connectionString: process.argv[2]!, application_name: 'transfers' });
let stopping = false;
process.on('message', () => {
  stopping = true;
});
await client.connect();
const { rows } = await client.query('SELECT id FROM accounts');
const pick = (): number => rows[Math.floor(Math.random() * rows.length)].id;
for (let count = 1; !stopping; count++) {
  const [payer, payee, amount] = [pick(), pick(), 1 + Math.floor(Math.random() * 9)];
  await client.query('BEGIN');
  await client.query('UPDATE accounts SET balance = balance - $1 WHERE id = $2', [amount, payer]);
  await client.query('UPDATE accounts SET balance = balance + $1 WHERE id = $2', [amount, payee]);
  await client.query('INSERT INTO transfers (payer, payee, amount) VALUES ($1, $2, $3)', [
    payer,
    payee,
    amount,
  ]);
  await client.query('COMMIT');
  process.send?.(count);
  await sleep(1);
}
await client.end();
process.disconnect();
