// A process that moves money between accounts, each time in one transaction with a row of `transfers`, until its parent
// says so. Argument: URL. Tells its parent of every transfer.
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

const { hostname, port, username, password, pathname } = new URL(process.argv[2]!);
const client = await createConnection({
  host: hostname,
  port: Number(port),
  user: decodeURIComponent(username),
  password: decodeURIComponent(password),
  database: decodeURIComponent(pathname.slice(1)),
});
let stopping = false;
process.on('message', () => {
  stopping = true;
});
const [rows] = await client.query<RowDataPacket[]>('SELECT id FROM accounts');
const pick = (): number => rows[Math.floor(Math.random() * rows.length)]!['id'];
for (let count = 1; !stopping; count++) {
  const [payer, payee, amount] = [pick(), pick(), 1 + Math.floor(Math.random() * 9)];
  await client.query('START TRANSACTION');
  await client.query('UPDATE accounts SET balance = balance - ? WHERE id = ?', [amount, payer]);
  await client.query('UPDATE accounts SET balance = balance + ? WHERE id = ?', [amount, payee]);
  await client.query('INSERT INTO transfers (payer, payee, amount) VALUES (?, ?, ?)', [payer, payee, amount]);
  await client.query('COMMIT');
  process.send?.(count);
  await sleep(1);
}
await client.end();
process.disconnect();
