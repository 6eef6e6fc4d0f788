import { describe, expect, test } from 'vitest';
import { resolveTables } from '../../lib/table-names.ts';

const KNOWN = [
  'public."My ""odd"" table"',
  'public.accounts',
  'public.orders',
  'sales."Orders"',
  'sales.invoices',
  'sales.orders',
];

test.each([
  ['public.accounts', 'public.accounts'],
  ['accounts', 'public.accounts'],
  ['orders', 'public.orders'],
  ['sales.orders', 'sales.orders'],
  ['sales.Orders', 'sales."Orders"'],
  ['sales."Orders"', 'sales."Orders"'],
  ['invoices', 'sales.invoices'],
  ['PUBLIC.ACCOUNTS', 'public.accounts'],
  ['Invoices', 'sales.invoices'],
  ['My "odd" table', 'public."My ""odd"" table"'],
  ['public.my "odd" TABLE', 'public."My ""odd"" table"'],
])('%s is %s', (wanted, expected) => {
  expect(resolveTables([wanted], KNOWN)).toEqual([expected]);
});

test('each comes once, in the order of the dump', () => {
  expect(resolveTables(['sales.orders', 'accounts', 'public.accounts'], KNOWN)).toEqual([
    'public.accounts',
    'sales.orders',
  ]);
});

describe('refuses with USAGE', () => {
  test('what could be several', () => {
    expect(() => resolveTables(['SALES.ORDERS'], KNOWN)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: 'SALES.ORDERS could be sales."Orders" or sales.orders.',
      }),
    );
  });

  test.each([
    ['acounts', 'public.accounts'],
    ['public.account', 'public.accounts'],
    ['sales.invoice', 'sales.invoices'],
    ['odd', 'public."My ""odd"" table"'],
  ])('%s, and names %s', (wanted, near) => {
    expect(() => resolveTables([wanted], KNOWN)).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining(near) }),
    );
  });

  test('what is like nothing', () => {
    expect(() => resolveTables(['accounts', 'zzz'], KNOWN)).toThrow(
      expect.objectContaining({
        message: 'The backup has no table zzz.',
        hint: '`cofre show ID` lists all 6.',
      }),
    );
  });
});
