import { test } from 'vitest';
import { expectRestoreTestsClearUp } from '../resilience/mysql/kill-restore-tests.ts';

test('a restore test on MariaDB killed at 27 moments changes nothing, and the next one clears up', async () => {
  await expectRestoreTestsClearUp('mariadb', 25);
}, 900_000);
