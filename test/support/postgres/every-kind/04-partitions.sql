-- Partitions by list, range and hash, of several levels, with columns in another order, and keys to and from them.

CREATE SCHEMA parts;
CREATE TABLE parts.events (
  day date NOT NULL,
  kind text NOT NULL DEFAULT 'x',
  body text,
  size integer GENERATED ALWAYS AS (length(body)) STORED,
  PRIMARY KEY (day, kind)
) PARTITION BY RANGE (day);
CREATE TABLE parts.events_old PARTITION OF parts.events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE parts.events_2020 PARTITION OF parts.events (body DEFAULT '2020', CHECK (kind <> 'never'))
  FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (kind);
CREATE TABLE parts.events_2020_ab PARTITION OF parts.events_2020 FOR VALUES IN ('a', 'it''s', 'b');
CREATE TABLE parts.events_2020_rest PARTITION OF parts.events_2020 DEFAULT PARTITION BY HASH (kind);
CREATE TABLE parts.rest_0 PARTITION OF parts.events_2020_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts.rest_1 PARTITION OF parts.events_2020_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1)
  WITH (fillfactor = 60);
CREATE TABLE parts.other_order (
  gone integer, body text, kind text NOT NULL, day date NOT NULL,
  size integer GENERATED ALWAYS AS (length(body)) STORED
);
ALTER TABLE parts.other_order DROP COLUMN gone;
ALTER TABLE parts.events ATTACH PARTITION parts.other_order FOR VALUES FROM ('2021-01-01') TO (MAXVALUE);
INSERT INTO parts.events (day, kind, body)
  SELECT DATE '2019-06-01' + n * 10, chr(97 + n % 7), 'body ' || n FROM generate_series(0, 99) n;

CREATE INDEX events_body ON parts.events (body);
CREATE INDEX only_here ON ONLY parts.events (size);
CREATE INDEX of_old ON parts.events_old (size);
ALTER INDEX parts.only_here ATTACH PARTITION parts.of_old;
COMMENT ON INDEX parts.events_body IS 'On all partitions';
COMMENT ON TABLE parts.events_2020 IS 'A partition with partitions';

CREATE TABLE parts.notes (
  day date, kind text, note text,
  FOREIGN KEY (day, kind) REFERENCES parts.events ON UPDATE CASCADE DEFERRABLE
) PARTITION BY HASH (day);
CREATE TABLE parts.notes_0 PARTITION OF parts.notes FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO parts.notes SELECT day, kind, 'note' FROM parts.events WHERE kind = 'a';

-- Hashes of an enum differ from database to database, so its rows have to be routed anew.
CREATE TABLE parts.by_mood (feel types.mood, n integer) PARTITION BY HASH (feel);
CREATE TABLE parts.by_mood_0 PARTITION OF parts.by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parts.by_mood_1 PARTITION OF parts.by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parts.by_mood_2 PARTITION OF parts.by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parts.by_mood SELECT (enum_range(NULL::types.mood))[n % 5 + 1], n FROM generate_series(1, 20) n;

CREATE TABLE parts.by_expression (a text, b integer) PARTITION BY RANGE (lower(a) COLLATE "C" text_pattern_ops, (b % 10));
CREATE TABLE parts.by_expression_low PARTITION OF parts.by_expression
  FOR VALUES FROM (MINVALUE, MINVALUE) TO ('m', MINVALUE);
CREATE TABLE parts.by_expression_rest PARTITION OF parts.by_expression DEFAULT;
INSERT INTO parts.by_expression VALUES ('Apple', 1), ('zebra', 2), (NULL, NULL);

CREATE TABLE parts.childless (a integer) PARTITION BY LIST (a);
