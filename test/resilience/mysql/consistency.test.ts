import { test } from 'vitest';
import { COPIES, expectBalances } from './balances.ts';

test(`MySQL: ${COPIES} of ${COPIES} copies balance while three processes write; the user may lock tables`, async () => {
  await expectBalances('mysql', 'LOCK TABLES');
});
