import { test } from 'vitest';
import { MOMENTS } from '../killing.ts';
import { expectKillsSurvived } from './kill-backups.ts';

test(`a MySQL backup killed at ${MOMENTS + 2} moments is listed and whole, or not listed, and the next one just works`, async () => {
  await expectKillsSurvived('mysql', MOMENTS);
});
