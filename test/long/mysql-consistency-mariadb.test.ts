import { test } from 'vitest';
import { expectBalances } from '../resilience/mysql/balances.ts';

test('MariaDB: 20 of 20 copies balance while three processes write; the user may lock the server', async () => {
  await expectBalances('mariadb', 'RELOAD');
});
