import { afterAll, beforeAll, expect, test } from 'vitest';
import { settled } from '../../../../lib/engines/postgres/restore-test/settled.ts';
import { identifier, type PostgresServer, startPostgres } from '../../../servers/postgres/server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres(18);
  await server.createDatabase('words');
});
afterAll(() => server?.stop());

const CONDITIONS = [
  `a IN ('x', 'y')`,
  `a NOT IN ('x', ')::text[]', 'AND (')`,
  `a = 'z' OR a IN (b, 'y')`,
  `c BETWEEN 1 AND 2 AND d > 0`,
  `c NOT BETWEEN 1 AND 2 OR d > 0`,
  `(c BETWEEN 1 AND 2 OR d = 1) AND d > 0`,
  `c = 1 OR (c = 2 OR c = 3)`,
  `(c, d) = (1, 2) AND c > 0 AND (d > 0 AND c < 9)`,
  `c IN (1, 2, 30000000000)`,
  `ARRAY[a] && ARRAY['x'::varchar, 'y']::text[]::varchar[]`,
  `ARRAY[a] <> ARRAY[]::varchar[]`,
  `lower(a) IN ('x', upper(b)) AND length(a) BETWEEN 1 AND 2 AND NOT a = 'q'`,
];

/** What the server says of a check, and what it says of one that was made of these words. */
async function twice(condition: string): Promise<string[]> {
  const said: string[] = [];
  for (const name of ['first', 'second']) {
    const check = said.at(-1) ?? `CHECK (${condition})`;
    const made = `CREATE TABLE ${name} (a varchar, b varchar, c int, d int, CONSTRAINT it ${check})`;
    const words = `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '${name}'::regclass AND conname = 'it'`;
    said.push((await server.sql('words', `${made}; ${words}; DROP TABLE ${identifier(name)}`)).trim());
  }
  return said;
}

test.each(CONDITIONS)('what is read from its own words is the same: %s', async (condition) => {
  const [first, second] = await twice(condition);
  expect(settled(first!)).toBe(second);
  expect(settled(second!)).toBe(second);
});

test('some of these are written in other words', async () => {
  const pairs = await Promise.all([twice(CONDITIONS[0]!)]);
  expect(pairs.every(([first, second]) => first !== second)).toBe(true);
});

test.each([
  [`(((a = 1) AND (b = 2)) OR (c = 3))`],
  [`((a = 1) AND ((b = 2) AND (c = 3)))`],
  [`f() AS 'SELECT ((a AND b) AND (ARRAY[a])::text[])'`],
  [`((a AND (b) AND c)`],
  [`(SELECT ARRAY[a, b])`],
])('what is of another meaning, quoted or not whole stays as it is: %s', (text) => {
  expect(settled(text)).toBe(text);
});

test.each([
  [
    `(a)::text = ANY ((ARRAY['x'::bpchar, 'y'::bpchar])::text[])`,
    `(a)::text = ANY ((ARRAY['x'::bpchar])::text[])`,
  ],
  [`(((a = 1) AND (b = 2)) AND (c = 3))`, `(((a = 1) AND (b = 2)) OR (c = 3))`],
  [`(ARRAY['x'::bpchar])::text[]`, `(ARRAY['x'::bpchar])::varchar[]`],
])('a change is still one: %s', (one, other) => {
  expect(settled(one)).not.toBe(settled(other));
});
