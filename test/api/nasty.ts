import fc, { type Arbitrary } from 'fast-check';

/** Another seed, found to be bad elsewhere, can be tried with FUZZ_SEED. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20261123);

/** Parameters of a run that always tries the same cases and ends in time, however slow the machine. */
export const bounded = (numRuns: number) => ({
  seed,
  numRuns,
  interruptAfterTimeLimit: 45_000,
  endOnFailure: true,
});

const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
];
const NUMBERS = [0, -1, -0, 1.5, 1e300, -1e300, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE, 36_501];
const TEXTS = [
  ...PROTOTYPE_NAMES,
  ...[
    '',
    ' ',
    '.',
    '..',
    '../../etc/passwd',
    '%00',
    '%2e%2e%2f',
    '%',
    '%zz',
    '\u0000',
    '\r\nX-Injected: 1',
    '٣',
    '１',
  ],
  ...[
    'true',
    'null',
    'NaN',
    '1e3',
    '0x10',
    ' 5 ',
    '${env:CANARY}',
    '${secret:x#y}',
    "';DROP TABLE orders;--",
    '<script>',
  ],
  'x'.repeat(5_000),
];

/** What may stand where the description wants something else. */
export const nasty: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...TEXTS, ...NUMBERS, null, true, false, [], {}, [[]], { length: 1 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 2 }),
);
export const nastyText = nasty.map((it) => (typeof it === 'string' ? it : JSON.stringify(it)));

/** Names that a body or a query should not have. */
export const strangeName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('colour', 'Database', 'id', ...PROTOTYPE_NAMES) },
  { weight: 1, arbitrary: nastyText },
);
