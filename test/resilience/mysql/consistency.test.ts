import { test } from 'vitest';
import { expectBalances } from './balances.ts';

test('MySQL: 20 of 20 copies balance while three processes write; the user may lock tables', async () => {
  await expectBalances('mysql', 'LOCK TABLES');
});
