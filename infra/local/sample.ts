import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commentText, personName, type Random, random, subjects } from './sample-text.ts';

/** How many rows of each kind the sample helpdesk gets. */
export interface SampleSize {
  readonly users: number;
  readonly tickets: number;
  readonly commentsPerTicket: number;
}

export const SMALL_SAMPLE: SampleSize = { users: 120, tickets: 1_500, commentsPerTicket: 4 };

const SCHEMA = `
CREATE TABLE users (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('customer', 'agent', 'admin')), created_at TEXT NOT NULL);
CREATE TABLE tickets (
  id INTEGER PRIMARY KEY, requester_id INTEGER NOT NULL REFERENCES users(id), assignee_id INTEGER REFERENCES users(id),
  subject TEXT NOT NULL, status TEXT NOT NULL, priority TEXT NOT NULL, created_at TEXT NOT NULL, closed_at TEXT);
CREATE TABLE comments (
  id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL REFERENCES tickets(id), author_id INTEGER NOT NULL REFERENCES users(id),
  body TEXT NOT NULL, internal INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL);
CREATE INDEX tickets_status ON tickets(status, priority);
CREATE INDEX tickets_requester ON tickets(requester_id);
CREATE INDEX comments_ticket ON comments(ticket_id);
CREATE VIEW open_tickets AS
  SELECT t.id, t.subject, t.priority, u.name AS requester FROM tickets t JOIN users u ON u.id = t.requester_id
  WHERE t.status <> 'closed';
CREATE TRIGGER tickets_close AFTER UPDATE OF status ON tickets WHEN new.status = 'closed' AND new.closed_at IS NULL
  BEGIN UPDATE tickets SET closed_at = datetime('now') WHERE id = new.id; END;`;

const EPOCH = Date.UTC(2025, 0, 6, 8);
const STATUSES = ['open', 'pending', 'solved', 'closed', 'closed', 'closed'];
const PRIORITIES = ['low', 'normal', 'normal', 'high', 'urgent'];

/**
 * Makes a helpdesk database at `path` unless something is there already; says whether it did. The same size gives
 * the same rows. Appears whole or not at all (temporary file, then rename).
 */
export function makeSampleDatabase(path: string, size: SampleSize = SMALL_SAMPLE): boolean {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const database = new DatabaseSync(temporary);
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; ${SCHEMA}`);
  fill(database, size, random(20261123));
  database.exec('COMMIT');
  database.close();
  renameSync(temporary, path);
  return true;
}

function fill(database: DatabaseSync, size: SampleSize, rnd: Random): void {
  fillUsers(database, size, rnd);
  const ticket = database.prepare('INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const comment = database.prepare('INSERT INTO comments VALUES (NULL, ?, ?, ?, ?, ?)');
  for (let id = 1; id <= size.tickets; id++) {
    const opened = EPOCH + id * 7 * 60_000 + rnd.below(300_000);
    const status = rnd.pick(STATUSES);
    const requester = 1 + rnd.below(size.users);
    const agent = 1 + rnd.below(Math.max(1, Math.floor(size.users / 10)));
    const closed = status === 'closed' ? timestamp(opened + rnd.below(9 * 86_400_000)) : null;
    const subject = rnd.pick(subjects);
    ticket.run(id, requester, agent, subject, status, rnd.pick(PRIORITIES), timestamp(opened), closed);
    const comments = 1 + rnd.below(size.commentsPerTicket * 2 - 1);
    for (let n = 0; n < comments; n++) {
      const author = n % 2 === 0 ? requester : agent;
      const at = timestamp(opened + n * 3_600_000 + rnd.below(1_800_000));
      comment.run(id, author, commentText(rnd, n), rnd.below(8) === 0 ? 1 : 0, at);
    }
  }
}

function fillUsers(database: DatabaseSync, size: SampleSize, rnd: Random): void {
  const user = database.prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?)');
  for (let id = 1; id <= size.users; id++) {
    const name = personName(rnd);
    const handle = name
      .normalize('NFD')
      .replaceAll(/[^A-Za-z ]/g, '')
      .toLowerCase()
      .replaceAll(' ', '.');
    const role = id === 1 ? 'admin' : id <= size.users / 10 ? 'agent' : 'customer';
    user.run(id, name, `${handle}.${id}@example.com`, role, timestamp(EPOCH - rnd.below(300) * 86_400_000));
  }
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, as SQLite's datetime() writes it. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
