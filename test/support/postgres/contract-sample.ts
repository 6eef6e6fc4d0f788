/** Every sample's accounts hold this together, whoever moves money between them. */
export const TOTAL = 500_000;
const ACCOUNTS = 500;

/** The sample of the contract: about 6 MB in many kinds of objects. */
export const SAMPLE = `
  CREATE TYPE mood AS ENUM ('calm', 'cross');
  CREATE TABLE accounts (id integer PRIMARY KEY, owner text NOT NULL UNIQUE, balance bigint NOT NULL);
  CREATE TABLE transfers (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, payer integer REFERENCES accounts, payee integer REFERENCES accounts, amount integer);
  CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text, body bytea, mood mood DEFAULT 'calm',
    size integer GENERATED ALWAYS AS (length(body)) STORED);
  CREATE TABLE "Odd Names" ("a ""quoted"" column" text, "select" double precision, PRIMARY KEY ("a ""quoted"" column", "select"));
  CREATE TABLE nothing_yet (at timestamptz DEFAULT now());
  CREATE INDEX notes_by_title ON notes (lower(title), size);
  CREATE VIEW rich AS SELECT owner FROM accounts WHERE balance > 1000;
  CREATE MATERIALIZED VIEW pairs AS SELECT "select" > 20 AS large, count(*) FROM "Odd Names" GROUP BY 1;
  CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN DELETE FROM "Odd Names"; RETURN old; END$$;
  CREATE TRIGGER noted AFTER DELETE ON notes FOR EACH STATEMENT EXECUTE FUNCTION noted();
  INSERT INTO accounts SELECT n, 'owner ' || n, ${TOTAL / ACCOUNTS} FROM generate_series(1, ${ACCOUNTS}) n;
  INSERT INTO notes (title, body, mood)
    SELECT E'T\\u00edtulo\\t' || n, decode(repeat(md5(n::text), 30 + n % 150), 'hex'), (ARRAY['calm', 'cross'])[1 + n % 2]::mood
    FROM generate_series(1, 2300) n;
  INSERT INTO "Odd Names" SELECT 'pair ' || n, n / 7.0 FROM generate_series(1, 300) n;
  REFRESH MATERIALIZED VIEW pairs;
`;

/** Other data, other objects, and some of the sample's names. */
export const OTHER = `
  CREATE SCHEMA elsewhere;
  CREATE TABLE accounts (number text, note text);
  CREATE TABLE elsewhere.only_here (x integer);
  CREATE INDEX only_here_by_x ON elsewhere.only_here (x);
  CREATE VIEW only_seen_here AS SELECT x FROM elsewhere.only_here;
  CREATE FUNCTION only_done_here() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
  CREATE TRIGGER only_done_here AFTER INSERT ON elsewhere.only_here FOR EACH ROW EXECUTE FUNCTION only_done_here();
  INSERT INTO elsewhere.only_here SELECT n FROM generate_series(1, 3000) n;
  INSERT INTO accounts SELECT x, repeat(md5(x::text), 25) FROM elsewhere.only_here;
`;
