import fc from 'fast-check';
import { expect, test } from 'vitest';
import { find } from '../../../../../lib/engines/postgres/script/bytes.ts';
import { countNewlines } from '../../../../../lib/engines/sql/script/newlines.ts';
import { split } from './reading.ts';

/** Pieces whose order and cuts are random: each leaves the splitter between statements, whatever comes before. */
const PIECES = [
  '-- PostgreSQL database dump\n',
  "SET client_encoding = 'UTF8';\n",
  'SET standard_conforming_strings = on;\n',
  '/* block /* nested */ ; */\n',
  '\\restrict abc\r\n',
  "INSERT INTO t VALUES ('it''s;', E'\\\\\\';', 'é漢😀', $$;$$);\n",
  "SELECT E'a' -- it's\n  'b\\'; c', \"q\"\"; \" , U&'\\0041;';",
  'CREATE FUNCTION "f;"() RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 2; END;\n',
  'CREATE OR REPLACE FUNCTION g() RETURNS int LANGUAGE sql AS $_é1$ ; $_é2$ $_é1$;\n',
  'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b;);\n',
  'COPY public."My ""Table" (id, "b;") FROM stdin;\n1\t\\N\n2\té\\n\\\\.\n\n\\.\n\n',
  'COPY none  FROM stdin;\r\n\\.\r\n',
  'COPY t (a) FROM stdin; -- rows\nabc\r\n\\.x\r\n\\.\r\n',
  'SELECT a$b$c - -1 / 2 /*;*/ - 3 --;\n;;\n',
];

const file = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 }).map((all) => all.join(''));

test('a file cut at random places gives the same items', () => {
  fc.assert(
    fc.property(
      file,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      (text, cuts) => {
        const bytes = Buffer.from(text);
        expect(split(cutAt(bytes, cuts))).toEqual(split([bytes]));
      },
    ),
    { numRuns: 500 },
  );
});

test('a file of all pieces, cut at every single place and into single bytes, gives the same items', () => {
  const bytes = Buffer.from(PIECES.join(''));
  const whole = split([bytes]);
  expect(whole.map(({ kind }) => kind)).toHaveLength(18);
  for (let at = 0; at <= bytes.length; at++) {
    expect(split([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(whole);
  }
  expect(split([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
});

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [
    0,
    ...cuts.map((cut) => Math.floor(cut * bytes.length)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return places.slice(1).map((place, n) => bytes.subarray(places[n], place));
}

test('newlines are counted, and bytes found, as one by one', () => {
  const bytes = fc.uint8Array({ min: 8, max: 12, maxLength: 3_000 });
  fc.assert(
    fc.property(bytes, fc.nat(40), fc.nat(40), (all, skip, drop) => {
      const view = Buffer.from(all.buffer, Math.min(skip, all.length));
      const to = Math.max(0, view.length - drop);
      const from = Math.min(drop, to);
      expect(countNewlines(view, from, to)).toBe(
        view.subarray(from, to).filter((byte) => byte === 10).length,
      );
      expect(find(view, 12, from)).toBe(view.indexOf(12, from));
    }),
  );
  expect(countNewlines(Buffer.alloc(100_001, '\n'), 0, 100_001)).toBe(100_001);
});
