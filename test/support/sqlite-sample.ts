/** Every sample's accounts hold this together, whoever moves money between them. */
export const TOTAL = 500_000;
export const ACCOUNTS = 500;

/** The sample of the contract: about 6 MB, so that a dump has several frames. */
export const SAMPLE = `
  PRAGMA user_version = 7;
  PRAGMA application_id = 1129268815;
  BEGIN;
  CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT NOT NULL UNIQUE, balance INTEGER NOT NULL);
  CREATE TABLE transfers (id INTEGER PRIMARY KEY AUTOINCREMENT, payer INTEGER, payee INTEGER, amount INTEGER);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT, body BLOB, size INTEGER AS (length(body)) STORED);
  CREATE TABLE pairs (a TEXT, b REAL, PRIMARY KEY (a, b)) WITHOUT ROWID;
  CREATE INDEX notes_by_title ON notes (title COLLATE NOCASE, size);
  CREATE VIEW rich AS SELECT owner FROM accounts WHERE balance > 1000;
  CREATE TRIGGER noted AFTER DELETE ON notes BEGIN DELETE FROM pairs WHERE a = old.title; END;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
    INSERT INTO accounts SELECT i, 'owner ' || i, ${TOTAL / ACCOUNTS} FROM n;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2300)
    INSERT INTO notes (title, body) SELECT 'Título ' || i, randomblob(1000 + i % 5000) FROM n;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
    INSERT INTO pairs SELECT 'pair ' || i, i / 7.0 FROM n;
  COMMIT;
`;

/** Other data, other objects, and some of the sample's names. */
export const OTHER = `
  PRAGMA user_version = 99;
  BEGIN;
  CREATE TABLE accounts (number TEXT, note TEXT);
  CREATE TABLE only_here (x INTEGER);
  CREATE INDEX only_here_by_x ON only_here (x);
  CREATE VIEW only_seen_here AS SELECT x FROM only_here;
  CREATE TRIGGER only_done_here AFTER INSERT ON only_here BEGIN SELECT 1; END;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    INSERT INTO only_here SELECT i FROM n;
  INSERT INTO accounts SELECT x, hex(randomblob(400)) FROM only_here;
  COMMIT;
`;
