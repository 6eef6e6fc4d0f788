import { test } from 'vitest';
import { expectKillsSurvived } from './kill-backups.ts';

test('a MySQL backup killed at 27 moments is listed and whole, or not listed, and the next one just works', async () => {
  await expectKillsSurvived('mysql', 25);
}, 400_000);
