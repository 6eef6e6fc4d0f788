import { test } from 'vitest';
import { expectKillsSurvived } from '../resilience/mysql/kill-backups.ts';

test('a MariaDB backup killed at 27 moments is listed and whole, or not listed, and the next one just works', async () => {
  await expectKillsSurvived('mariadb', 25);
});
