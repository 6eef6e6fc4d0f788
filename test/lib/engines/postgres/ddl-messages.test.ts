import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Reply, replyReader } from '../../../../lib/engines/postgres/pg-dump/replies.ts';
import { frontend } from '../../../../lib/engines/postgres/pg-dump/worker/frontend.ts';

function message(type: string, body: string | Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeInt32BE(4 + Buffer.byteLength(body));
  return Buffer.concat([Buffer.from(type), header, Buffer.from(body)]);
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((it) => it % bytes.length).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, n) => bytes.subarray(sorted[n], end));
}

const READY = message('Z', 'T');
const ERROR = message('E', 'SERROR\0C57014\0Mcanceled\0\0');
const NOTICE = message('N', 'SWARNING\0C01000\0Mcareful\0\0');
const places = fc.array(fc.nat());

test('answers are gathered whole, however they are cut', () => {
  const answers = [
    Buffer.concat([message('D', 'EZ'.repeat(50)), NOTICE, message('C', 'SELECT 1\0'), READY]),
    Buffer.concat([ERROR, READY]),
    READY,
  ];
  fc.assert(
    fc.property(places, (places) => {
      const replies: Reply[] = [];
      const reader = replyReader((reply) => replies.push(reply));
      for (const chunk of cut(Buffer.concat(answers), places)) reader.push(chunk);
      expect(replies.map(({ bytes }) => Buffer.from(bytes))).toEqual(answers);
      expect(replies.map(({ errors }) => errors.map(({ code }) => code))).toEqual([[], ['57014'], []]);
      expect(replies.map(({ notices }) => notices.map((it) => it.message))).toEqual([['careful'], [], []]);
      expect(reader.errors()).toEqual([]);
    }),
  );
});

test('the last words of a server are kept, though it is never ready again', () => {
  const reader = replyReader(() => {
    throw new Error('not an answer');
  });
  for (const chunk of cut(ERROR, [3, 9])) reader.push(chunk);
  expect(reader.errors()).toEqual([expect.objectContaining({ code: '57014', message: 'canceled' })]);
});

test('queries are passed on whole, the start is answered by itself, and the end is kept back', () => {
  const ssl = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
  const start = Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0]);
  const queries = [message('Q', 'SELECT 1\0'), message('Q', `${'x'.repeat(9_000)}\0`)];
  const sent = Buffer.concat([ssl, start, ...queries, message('X', '')]);
  fc.assert(
    fc.property(places, (places) => {
      const asked: Buffer[] = [];
      const answer = frontend(Buffer.from('greeting'), (query) => {
        asked.push(Buffer.from(query));
        return Buffer.from(`answer ${asked.length}`);
      });
      const answers = cut(sent, places).flatMap((bytes) => answer(bytes).map(String));
      expect(answers).toEqual(['N', 'greeting', 'answer 1', 'answer 2']);
      expect(asked).toEqual(queries);
    }),
  );
});
