import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSampleDatabase, SMALL_SAMPLE } from '../../infra/local/sample.ts';

let folder: string;
let database: DatabaseSync;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cofre-sample-'));
  makeSampleDatabase(join(folder, 'sample.sqlite3'));
  database = new DatabaseSync(join(folder, 'sample.sqlite3'));
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const all = (sql: string) => database.prepare(sql).all();
const one = (sql: string) => Object.values(database.prepare(sql).get()!)[0];

/** All rows of all tables, as one hash: files of the same rows may differ in SQLite's own counters. */
function contentHash(path: string): string {
  using opened = new DatabaseSync(path, { readOnly: true });
  const hash = createHash('sha256');
  for (const table of ['users', 'tickets', 'comments'])
    for (const row of opened.prepare(`SELECT * FROM ${table} ORDER BY id`).iterate())
      hash.update(JSON.stringify(row));
  return hash.digest('hex');
}

describe('the sample database', () => {
  it('is sound, and its references hold', () => {
    expect(all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(all('PRAGMA foreign_key_check')).toEqual([]);
  });

  it('has as many rows as it should', () => {
    expect(one('SELECT count(*) FROM users')).toBe(SMALL_SAMPLE.users);
    expect(one('SELECT count(*) FROM tickets')).toBe(SMALL_SAMPLE.tickets);
    const perTicket = (one('SELECT count(*) FROM comments') as number) / SMALL_SAMPLE.tickets;
    expect(perTicket).toBeGreaterThan(SMALL_SAMPLE.commentsPerTicket * 0.9);
    expect(perTicket).toBeLessThan(SMALL_SAMPLE.commentsPerTicket * 1.1);
  });

  it('looks like a helpdesk: all states, times in order, people with names and addresses', () => {
    expect(all('SELECT DISTINCT status FROM tickets ORDER BY 1').map((it) => it['status'])).toEqual([
      'closed',
      'open',
      'pending',
      'solved',
    ]);
    expect(
      all(
        "SELECT id FROM tickets WHERE (status = 'closed') <> (closed_at IS NOT NULL) OR closed_at < created_at",
      ),
    ).toEqual([]);
    expect(
      all(
        'SELECT c.id FROM comments c JOIN tickets t ON t.id = c.ticket_id WHERE c.created_at < t.created_at',
      ),
    ).toEqual([]);
    expect(
      all("SELECT id FROM users WHERE email NOT LIKE '%_.%_@example.com' OR name NOT LIKE '_% _%'"),
    ).toEqual([]);
    expect(one('SELECT count(DISTINCT body) * 1.0 / count(*) FROM comments')).toBeGreaterThan(0.99);
    expect(one("SELECT count(*) FROM users WHERE name LIKE '%ã%' OR name LIKE '%é%'")).toBeGreaterThan(0);
  });

  it('has a view, a trigger and indexes that work', () => {
    expect(one('SELECT count(*) FROM open_tickets')).toBe(
      one("SELECT count(*) FROM tickets WHERE status <> 'closed'"),
    );
    database.exec("BEGIN; UPDATE tickets SET status = 'closed' WHERE status = 'open'");
    expect(all("SELECT id FROM tickets WHERE status = 'closed' AND closed_at IS NULL")).toEqual([]);
    database.exec('ROLLBACK');
    expect(one('EXPLAIN QUERY PLAN SELECT * FROM comments WHERE ticket_id = 1')).toBeDefined();
  });

  it('is the same every time, and another for another size', () => {
    makeSampleDatabase(join(folder, 'again.sqlite3'));
    makeSampleDatabase(join(folder, 'small.sqlite3'), { users: 20, tickets: 5, commentsPerTicket: 1 });
    const hash = contentHash(join(folder, 'sample.sqlite3'));
    expect(contentHash(join(folder, 'again.sqlite3'))).toBe(hash);
    expect(contentHash(join(folder, 'small.sqlite3'))).not.toBe(hash);
  });

  it('is never made over something that is there, and leaves nothing beside it', () => {
    const path = join(folder, 'mine.sqlite3');
    writeFileSync(path, 'mine');
    expect(makeSampleDatabase(path)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(makeSampleDatabase(join(folder, 'new/folder/db.sqlite3'))).toBe(true);
    expect(existsSync(join(folder, 'new/folder/db.sqlite3.new'))).toBe(false);
  });
});
