import { expect, test } from 'vitest';
import { withCollation } from '../../../../lib/engines/mysql/restore-test/collations.ts';

test.each([
  ['CHARACTER SET latin1 DEFAULT NULL', 'CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL'],
  ['COLLATE ucs2_general_ci NOT NULL', 'CHARACTER SET ucs2 NOT NULL'],
  ['COLLATE utf8mb4_bin', 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'],
])('a collation is the same in other words: %s', (one, other) => {
  expect(withCollation(`\`a\` varchar(3) ${one}`)).toBe(withCollation(`\`a\` varchar(3) ${other}`));
});

test.each([
  ['CHARACTER SET latin1', 'CHARACTER SET latin1 COLLATE latin1_bin'],
  ['CHARACTER SET latin1', 'CHARACTER SET latin2'],
  ['CHARACTER SET utf8mb4', 'COLLATE utf8mb4_general_ci'],
  ["DEFAULT ' CHARACTER SET latin1'", "DEFAULT ' COLLATE latin1_swedish_ci'"],
])('another one is not: %s', (one, other) => {
  expect(withCollation(`\`a\` varchar(3) ${one}`)).not.toBe(withCollation(`\`a\` varchar(3) ${other}`));
});
