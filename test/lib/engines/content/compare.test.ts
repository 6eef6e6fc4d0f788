import { expect, test } from 'vitest';
import { contentBuilder } from '../../../../lib/engines/content/builder.ts';
import { compare } from '../../../../lib/engines/content/compare.ts';
import type { ContentObject } from '../../../../lib/engines/content/content.ts';

const content = (
  objects: readonly ContentObject[],
  rows: Readonly<Record<string, readonly string[]>> = {},
) => {
  const builder = contentBuilder();
  for (const object of objects) builder.object(object);
  for (const [table, texts] of Object.entries(rows)) {
    const summer = builder.sum('ROWS', table);
    for (const text of texts) summer.add(Buffer.from(text));
  }
  return builder.result();
};

const view = (text: string, name = 'v'): ContentObject => ({ kind: 'VIEW', name, text });

test('the same, in any order, is equal', () => {
  const one = content([view('a', '1'), view('b', '2')], { t: ['1', '2', '2'], empty: [] });
  const other = content([view('b', '2'), view('a', '1')], { empty: [], t: ['2', '1', '2'] });
  expect(compare(one, other)).toEqual([]);
});

test('what is missing, new or changed is named, with both sides', () => {
  const was = content([view('a', 'gone'), view('b', 'changed')], { t: ['1'] });
  const is = content([view('B', 'changed'), view('c', 'new')], { t: ['1', '1'], more: [] });
  expect(compare(was, is)).toEqual([
    { kind: 'VIEW', object: 'changed', was: 'b', is: 'B', explained: null },
    { kind: 'VIEW', object: 'gone', was: 'a', is: null, explained: null },
    { kind: 'VIEW', object: 'new', was: null, is: 'c', explained: null },
    { kind: 'ROWS', object: 'more', was: null, is: { rows: 0, sum: '0'.repeat(32) }, explained: null },
    {
      kind: 'ROWS',
      object: 't',
      was: { rows: 1, sum: expect.any(String) },
      is: { rows: 2, sum: expect.any(String) },
      explained: null,
    },
  ]);
});

test('a table with as many other rows differs', () => {
  const [was, is] = [content([], { t: ['1', '2'] }), content([], { t: ['1', '3'] })];
  expect(compare(was, is)).toMatchObject([{ kind: 'ROWS', object: 't', was: { rows: 2 }, is: { rows: 2 } }]);
});

test('kinds and names do not run into each other', () => {
  const one = content([{ kind: 'A', name: 'B C', text: '' }]);
  const other = content([{ kind: 'A B', name: 'C', text: '' }]);
  expect(compare(one, other)).toHaveLength(2);
});

test('texts of one object are taken together', () => {
  expect(compare(content([view('a'), view('b')]), content([view('a\nb')]))).toEqual([]);
  expect(compare(content([view('a'), view('b')]), content([view('a')]))).toHaveLength(1);
});

test('an explanation is asked for with the whole texts', () => {
  const long = 'x'.repeat(5_000);
  const [was, is] = [content([view(`${long}1`)]), content([view(`${long}2`)])];
  const found = compare(was, is, (one, other) =>
    one?.text === `${long}1` && other?.text === `${long}2` ? 'definer' : null,
  );
  expect(found).toEqual([
    {
      kind: 'VIEW',
      object: 'v',
      was: `… ${'x'.repeat(60)}1`,
      is: `… ${'x'.repeat(60)}2`,
      explained: 'definer',
    },
  ]);
});

test('rows are never explained', () => {
  expect(compare(content([], { t: [] }), content([]), () => 'server-version')).toMatchObject([
    { explained: null },
  ]);
});

test('a secret is not shown', () => {
  const secret = (text: string): ContentObject => ({ kind: 'SERVER', name: 's', text, secret: true });
  const found = compare(content([secret("password 'a'")]), content([secret("password 'b'")]));
  expect(found).toHaveLength(1);
  expect(JSON.stringify(found)).not.toContain('password');
});
