import { describe, expect, test } from 'vitest';
import { Splitter } from '../../../../../lib/engines/postgres/script/splitter.ts';
import { codeOf, split } from './reading.ts';

const HEADERS: Record<string, { table: string; columns: string[] | undefined }> = {
  'COPY public.accounts (id, balance) FROM stdin;': {
    table: 'public.accounts',
    columns: ['id', 'balance'],
  },
  'COPY public."My ""Table"";" ("a;b", "c,d)", "new\nline", "x""y") FROM stdin;': {
    table: 'public."My ""Table"";"',
    columns: ['a;b', 'c,d)', 'new\nline', 'x"y'],
  },
  'copy "odd; (schema)" . t(A,b)from STDIN ;': { table: '"odd; (schema)" . t', columns: ['a', 'b'] },
  'COPY public.none  FROM stdin;': { table: 'public.none', columns: undefined },
  'COPY t /* it */ (a) FROM stdin -- rows\n;': { table: 't', columns: ['a'] },
  'COPY public."from" ("from") FROM stdin;': { table: 'public."from"', columns: ['from'] },
};

describe('the header of a COPY block', () => {
  test.for(Object.entries(HEADERS))('%s', ([text, { table, columns }]) => {
    expect(split([Buffer.from(`${text}\n1\n2\n\\.\nSELECT 1;`)])).toEqual([
      { kind: 'copy', text, table, columns, line: 1 },
      { kind: 'rows', text: '1\n2\n', rows: 2 },
      { kind: 'copy-end', rows: 2 },
      { kind: 'statement', text: 'SELECT 1;', line: text.split('\n').length + 4 },
    ]);
  });
});

const HEAD = 'COPY t (a) FROM stdin;\n';

/** Rows, as between the header and the end. */
const BLOCKS: Record<string, { data: string; rows: number }> = {
  'no row': { data: '', rows: 0 },
  'rows of a table without columns': { data: '\n\n\n', rows: 3 },
  'the end mark as a value': { data: '\\\\.\n', rows: 1 },
  'the end mark within a row': { data: 'a\\.\n\\.b\n\\. \n', rows: 3 },
  'what would be quotes, comments and commands elsewhere': {
    data: '\'\n"\n$$\n--\n/*\n\\restrict\n;\n',
    rows: 7,
  },
  'lines that end with both': { data: '1\r\n2\r\n', rows: 2 },
  'bytes that are no UTF-8': { data: '\xff\xfe\n', rows: 1 },
};

describe('the rows of a COPY block', () => {
  test.for(Object.entries(BLOCKS))('%s', ([, { data, rows }]) => {
    for (const end of ['\\.\n', '\\.\r\n', '\\.']) {
      const seen = split([Buffer.from(HEAD + data + end, 'latin1')]);
      const block = data === '' ? [] : [{ kind: 'rows', text: data, rows }];
      expect(seen.slice(1)).toEqual([...block, { kind: 'copy-end', rows }]);
    }
  });
});

test('lines are counted through rows', () => {
  const text = `${HEAD}${'x\n'.repeat(5_000)}\\.\n\nSELECT 1;`;
  expect(split([Buffer.from(text)]).at(-1)).toMatchObject({ line: 5_004 });
});

test('other formats, data taken out, and text behind the header are refused (6 statements)', async () => {
  const statements = [
    'COPY t FROM stdin WITH (FORMAT csv);',
    'COPY t (a) FROM stdin CSV;',
    'COPY BINARY t FROM stdin;',
    'COPY t TO stdout;',
    'COPY (SELECT a FROM b) TO stdout;',
    'COPY t FROM stdin; SELECT 1;\n\\.',
  ];
  for (const sql of statements) {
    expect(await codeOf(() => split([Buffer.from(sql)])), sql).toBe('RESTORE_REFUSED');
  }
});

test("COPY of a server's file is a statement", () => {
  expect(split([Buffer.from("COPY t FROM '/tmp/stdin';")])).toMatchObject([{ kind: 'statement' }]);
});

test('parts hold whole rows up to 1 MiB, longer rows come in parts of whole characters', () => {
  const rows = ['é'.repeat(1_500_000), 'x'.repeat(300_000), 'y'.repeat(300_000), 'z'.repeat(600_000), 'é'];
  const file = Buffer.from(`${HEAD}${rows.map((row) => `${row}\n`).join('')}\\.\n`);
  for (const size of [file.length, 4 * 1024 * 1024, 65_536, 999_983]) {
    const parts = partsOf(file, size);
    expect(Buffer.concat(parts.map(({ bytes }) => bytes)).toString()).toBe(`${rows.join('\n')}\n`);
    for (const { bytes, open } of parts) {
      expect(bytes.length).toBeLessThanOrEqual(1024 * 1024);
      expect(open).toBe(bytes.at(-1) !== 0x0a);
      expect(bytes[0]! & 0xc0).not.toBe(0x80);
    }
    expect(parts.map(({ rows: count }) => count).reduce((sum, count) => sum + count)).toBe(rows.length);
  }
});

test('what looks like the end is none where a long row goes on', () => {
  const seen = split([Buffer.from(`${HEAD}${'w'.repeat(1_500_000)}`), Buffer.from('\\.\n\\.\n')]);
  expect(seen.at(-1)).toEqual({ kind: 'copy-end', rows: 1 });
  expect(String(seen.at(-2)?.['text'])).toHaveLength(1_500_003);
});

function partsOf(file: Buffer, size: number) {
  const splitter = new Splitter();
  const parts: { bytes: Buffer; rows: number; open: boolean }[] = [];
  for (let at = 0; at < file.length; at += size) {
    for (const item of splitter.push(file.subarray(at, at + size))) {
      if (item.kind === 'rows') parts.push({ ...item, bytes: Buffer.from(Uint8Array.from(item.bytes)) });
    }
  }
  return parts;
}
