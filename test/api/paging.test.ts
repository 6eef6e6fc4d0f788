import { afterAll, beforeAll, expect, it } from 'vitest';
import { backUpDaysAgo } from '../cli/seed.ts';
import { type Json, openServer, type TestServer } from './server.ts';

let server: TestServer;
let ids: string[];
beforeAll(async () => {
  server = await openServer({
    databases: { shop: { url: 'sqlite:./shop.sqlite3' }, 'a-shop': { url: 'sqlite:./shop.sqlite3' } },
  });
  const made = [];
  for (const days of [7, 1, 5, 3, 6, 2, 4])
    made.push(await backUpDaysAgo(server.desk.folder, days, days % 2 ? 'shop' : 'a-shop'));
  ids = made.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).map((it) => it.id);
});
afterAll(() => server[Symbol.asyncDispose]());

const page = async (query: string) => (await server.call('GET', `/api/backups?${query}`)).json;
const idsOf = ({ backups }: Json): string[] => backups.map((it: Json) => it.id);

/** All pages one after the other; `between` may change the store meanwhile. */
async function pages(query: string, between?: (last: string) => Promise<void>): Promise<string[][]> {
  const all: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const found = await page(`${query}${cursor && `&cursor=${cursor}`}`);
    all.push(idsOf(found));
    cursor = found.nextCursor;
    if (cursor) await between?.(cursor);
  }
  return all;
}

it('gives every backup once, newest first, whatever the size of the page', async () => {
  for (const limit of [1, 2, 3, 6, 7, 8, 200]) {
    const all = await pages(`limit=${limit}`);
    expect(all.flat()).toEqual(ids);
    for (const it of all.slice(0, -1)) expect(it).toHaveLength(limit);
  }
});

it('holds one backup of each database, on whichever page', async () => {
  const { backups } = await page('limit=200');
  expect(backups.filter((it: Json) => it.held).map((it: Json) => it.id)).toEqual(ids.slice(0, 2));
});

it('keeps to the database asked for', async () => {
  const own = ids.filter((it) => it.startsWith('shop-'));
  expect((await pages('database=shop&limit=2')).flat()).toEqual(own);
  expect(await page('database=none')).toEqual({ backups: [], damaged: [], nextCursor: null });
});

it('goes on where it was when the backup that the cursor names is deleted meanwhile', async () => {
  const seen = await pages('limit=2', async (last) => {
    await server.call('DELETE', `/api/backups/${last}?force=true`);
  });
  expect(seen.flat()).toEqual(ids);
});
