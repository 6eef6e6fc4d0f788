import { test } from 'vitest';
import { MOMENTS } from '../killing.ts';
import { expectRestoreTestsClearUp } from './kill-restore-tests.ts';

test(`a restore test on MySQL killed at ${MOMENTS + 2} moments changes nothing, and the next one clears up`, async () => {
  await expectRestoreTestsClearUp('mysql', MOMENTS);
}, 900_000);
