-- Rows: every common type with its edges, and texts that look like COPY's own signs.

CREATE SCHEMA vals;
CREATE TABLE vals.numbers (s smallint, i integer, b bigint, n numeric, n2 numeric(20, 5), r real, d float8, m money, o oid);
INSERT INTO vals.numbers VALUES
  (-32768, -2147483648, -9223372036854775808, 'NaN', 'NaN', 'NaN', 'NaN', '-92233720368547758.08', 0),
  (32767, 2147483647, 9223372036854775807, 'Infinity', 0.00001, 'Infinity', '-Infinity', '92233720368547758.07', 4294967295),
  (0, 0, 0, 1e-130, -0.00000, '-0', '-0', 0, 1),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (1, 1, 1, 123456789012345678901234567890.123456789012345678901234567890, 1.1, 1e-45, 5e-324, 1.5, 2),
  (1, 1, 1, 10::numeric ^ 1000, 1.10, 3.4028235e38, 1.7976931348623157e308, 1, 3),
  (1, 1, 1, 1.10, 99999, 0.1, 0.1, 1, 4), (1, 1, 1, 0.000, 1, 0.3, 0.1::float8 + 0.2, 1, 5);

CREATE TABLE vals.texts (id integer, t text, v varchar(20), c char(5), n name, q "char");
INSERT INTO vals.texts VALUES
  (1, '', '', '', '', ''), (2, NULL, NULL, NULL, NULL, NULL), (3, '\N', 'NULL', 'null', '\N', '\'),
  (4, '\.', '\', '\\', 'tab	tab', 'x'), (5, E'\\.\n\\.\n', E'\r\n', E'\t', 'it''s', ''''),
  (6, E'a\tb\nc\rd\be\ff\vg', E'\x01\x1f\x7f', 'a  ', '"quoted"', '"'),
  (7, E'\r', E'\n', E'\r\n', ' ', ' '), (8, ' leading and trailing ', '	', ' ', '1', '1'),
  (9, E'\U0001F600 \U0010FFFF \u00e4 \u0301 \uFEFF \u2028', 'äöü', '𝄞', 'ñ', 'n'),
  (10, '$$; -- /* " '' */', ';', E'\\', 'select', 's'),
  (11, 'COPY t FROM stdin;', 'END-OF-FILE', '-1', 'x', 'y'),
  (12, E'\\restrict x', E'\\unrestrict', E'\\q', 'y', 'y'), (13, repeat(E'long\t', 20000), 'l', 'l', 'l', 'l'),
  (14, E'\rN', E'\restrict', 'x', 'z', 'z');
CREATE TABLE vals.one_text (t text);
INSERT INTO vals.one_text VALUES (''), (NULL), ('\.'), ('\N'), (E'\n'), (E'\\.\r\n'), (E'\r'), ('\'), ('--'), (';');

CREATE TABLE vals.times (d date, t time, tz timetz, ts timestamp, tstz timestamptz, ts0 timestamptz(0), i interval, i2 interval day to second(3));
INSERT INTO vals.times VALUES
  ('4713-11-24 BC', '00:00', '00:00+15:59', '4713-11-24 00:00 BC', '4713-11-24 12:00+00 BC', 'epoch', '-178000000 years', '1.5'),
  ('infinity', '24:00', '24:00-15:59', 'infinity', '-infinity', 'infinity', '1 mon -1 day 00:00:01.000001', '-1 day'),
  ('5874897-12-31', '23:59:59.999999', '12:00:00.5-08', '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00', '2020-03-29 01:30+00', 'P1Y2M3DT4H5M6.789S', '1 02:03:04.567'),
  ('0001-01-01 BC', NULL, NULL, '1582-10-15', '1883-11-18 12:03:58-07:52:58', '1900-01-01', '-1 years -2 mons +3 days -04:05:06.5', NULL);

CREATE TABLE vals.bits (b bytea, bt bit(7), vb bit varying, u uuid, bo boolean);
INSERT INTO vals.bits VALUES
  ('', B'0000000', B'', '00000000-0000-0000-0000-000000000000', true),
  ('\x005c0a0d09275c2e', B'1010101', B'1', 'ffffffff-ffff-ffff-ffff-ffffffffffff', false),
  (decode(repeat('00ff', 50000), 'hex'), NULL, repeat('10', 500)::bit varying, NULL, NULL);

CREATE TABLE vals.documents (j json, jb jsonb, x xml, p jsonpath, v tsvector, q tsquery);
INSERT INTO vals.documents VALUES
  ('{"a" : 1,  "a":"dup",
  "n":null}', '{"b": [1, 1e400, "\u00e4\\n\"\t"], "": {}}', '<a b="c">&lt;x/&gt;</a>', '$.a[*] ? (@ > 1)', '''it''''s'':1A,2B "b"', 'a & !''b c'':*A'),
  ('"\u0000 stays text in json"', '"a\\b"', '<?xml version="1.0"?><r/>', 'strict $', '', ''),
  ('[]', 'null', 'text only', NULL, NULL, NULL);

CREATE TABLE vals.lists (i integer[], t text[], m integer[][], e types.mood[], p types.pair[], n types.nested, j jsonb[], z types.positives, l types.label[]);
INSERT INTO vals.lists VALUES
  ('{}', '{}', '{{1,2},{3,4}}', '{"it''s \"fine\"",über}', ARRAY[ROW(1, 'a,"b"', 2.5), NULL]::types.pair[],
   ROW(ROW(1, '(x)', NULL), ARRAY[ROW(2, '{y}', 1)]::types.pair[], 'ok'), ARRAY['{"a": "\\"}', 'null']::jsonb[], '{1,2}', '{a;"b;c"}'),
  ('[-2:0]={1,NULL,3}', ARRAY['', 'NULL', NULL, E'\\', '"', E'a\nb', '{', ','], '[0:1][2:2]={{1},{2}}', '{}', NULL, NULL, '{}', NULL, NULL);

CREATE TABLE vals.ranges (r int4range, n numrange, t tstzrange, d daterange, m int4multirange, s types.span, ss types.spans, w types.words);
INSERT INTO vals.ranges VALUES
  ('empty', '(,)', '[2020-01-01 00:00+00,infinity]', '[2020-01-01,2020-01-31]', '{[1,3),[5,7)}', '(1.5,2.5]', '{}', '["a b","c""d")'),
  ('[1,1]', '(1.10,2]', '(-infinity,)', '(,)', '{}', 'empty', '{(,1),[2,3]}', '[,]'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE vals.places (i inet, c cidr, m macaddr, m8 macaddr8, p point, l line, s lseg, b box, pa path, po polygon, ci circle, tid tid, x xid, lsn pg_lsn);
INSERT INTO vals.places VALUES
  ('192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '(1.5,-0)', '{1,2,3}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),1>', '(1,2)', '3', '0/FF'),
  ('::1', '2001:db8::/32', NULL, NULL, '(NaN,Infinity)', NULL, NULL, NULL, '((0,0),(1,1))', NULL, NULL, NULL, NULL, 'FFFFFFFF/FFFFFFFF');

CREATE TABLE vals.objects (c regclass, p regproc, t regtype, r regrole, n regnamespace, x xid8, v int2vector);
INSERT INTO vals.objects VALUES ('app.customers', 'app.settings', 'types.mood', 'reader', 'app', '42', '1 2');

CREATE TABLE vals.based (l types.label, w types.word, e types.even DEFAULT 2);
INSERT INTO vals.based VALUES ('label; "x"', 'abc', 4), (DEFAULT, NULL, 6);
CREATE TABLE vals.many (n integer PRIMARY KEY, t text, gone text, x float8);
INSERT INTO vals.many SELECT n, repeat(md5(n::text), n % 7), 'gone', random() FROM generate_series(1, 5000) n;
ALTER TABLE vals.many DROP COLUMN gone;
DELETE FROM vals.many WHERE n % 3 = 0;
UPDATE vals.many SET t = t || 'x' WHERE n % 5 = 0;
