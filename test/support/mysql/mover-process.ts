// A process that moves money between rows of many tables, each time in one transaction, until it is told to stop.
// Arguments: URL, tables. Tells its parent of every hundredth transfer.
import { createConnection } from 'mysql2/promise';

const [url, count] = process.argv.slice(2);
const tables = Number(count);
const { hostname, port, username, password, pathname } = new URL(url!);
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
const DEADLOCK = 1213;
const below = (limit: number) => Math.floor(Math.random() * limit);
for (let moved = 1; !stopping; moved++) {
  const amount = 1 + below(9);
  const [from, to] = [below(tables), below(tables)].sort((a, b) => a - b);
  const statements = [
    'START TRANSACTION',
    `UPDATE purse_${from} SET balance = balance - ${amount} WHERE id = ${1 + below(100)}`,
    `INSERT INTO ledger_${from} (amount) VALUES (${-amount})`,
    `UPDATE purse_${to} SET balance = balance + ${amount} WHERE id = ${101 + below(100)}`,
    `INSERT INTO ledger_${to} (amount) VALUES (${amount})`,
    'COMMIT',
  ];
  try {
    for (const sql of statements) await client.query(sql);
  } catch (error) {
    // As an application has to: a transaction that the server ended is tried again.
    if ((error as { errno?: number }).errno !== DEADLOCK) throw error;
    await client.query('ROLLBACK');
  }
  if (moved % 100 === 0) process.send?.(moved);
}
await client.end();
process.disconnect();
