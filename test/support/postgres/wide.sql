-- Many columns, long values, many rows, many tables.

CREATE SCHEMA many;
DO $$ BEGIN
  EXECUTE 'CREATE TABLE columns (' || (SELECT string_agg(format('c%s %s', n, (ARRAY['integer', 'text', 'boolean'])[n % 3 + 1]), ', ')
    FROM generate_series(1, 1600) n) || ')';
  FOR n IN 1..100 LOOP
    EXECUTE format('CREATE TABLE many.t%s (id integer PRIMARY KEY, parent integer REFERENCES many.t%s)', n, greatest(n - 1, 1));
    EXECUTE format('INSERT INTO many.t%s VALUES (1, 1)', n);
  END LOOP;
END $$;
INSERT INTO columns (c1600, c1, c2) VALUES (7, 'first', true), (NULL, NULL, NULL);
CREATE TABLE long (id integer, body text, raw bytea);
INSERT INTO long VALUES (1, repeat('lång; \. ', 300000), decode(repeat('00', 1000000), 'hex')), (2, '', '');
CREATE TABLE "rows" (id integer PRIMARY KEY, name text, body text);
INSERT INTO "rows" SELECT n, 'name ' || n, md5(n::text) || md5((-n)::text) FROM generate_series(1, 40000) n;
CREATE INDEX ON "rows" (name);
CREATE TABLE narrow (n integer);
INSERT INTO narrow SELECT generate_series(1, 40000);
CREATE TABLE bloated (n integer, t text);
INSERT INTO bloated SELECT n, repeat('x', 200) FROM generate_series(1, 20000) n;
DELETE FROM bloated WHERE n < 19990;
