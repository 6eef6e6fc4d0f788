-- What only MySQL has; in version comments, what only later versions than 8.0 have.
SET sql_mode = '', time_zone = '+00:00';
CREATE TABLE documents (id INT PRIMARY KEY, j JSON, named VARCHAR(50) AS (j->>'$.name') STORED, tags JSON DEFAULT (JSON_ARRAY('a', 'b')), KEY by_tag ((CAST(tags AS CHAR(10) ARRAY))), KEY sum ((id + 1)));
INSERT INTO documents (id, j, tags) VALUES
  (1, '{"name": "ação \\"x\\" \\\\ \\n", "n": [1, 2.5, 1e100, -0.1, 12345678901234567890, true, null], "🙂": {"": ""}}', '["é"]'),
  (2, 'null', '[]'), (3, NULL, NULL), (4, '"it''s"', '["x", "y"]'), (5, '[]', '[]'), (6, '1.7976931348623157e308', '[]');
INSERT INTO documents (id) VALUES (7);
CREATE TABLE shapes (id INT PRIMARY KEY, g GEOMETRY, p POINT NOT NULL SRID 4326, l LINESTRING, a POLYGON SRID 3857, mp MULTIPOINT, ml MULTILINESTRING, ma MULTIPOLYGON, gc GEOMETRYCOLLECTION, SPATIAL KEY (p));
INSERT INTO shapes VALUES
  (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(-23.55 -46.63)', 4326), ST_GeomFromText('LINESTRING(0 0, 1 1, 2 3)'), ST_GeomFromText('POLYGON((0 0, 0 10, 10 10, 10 0, 0 0))', 3857),
    ST_GeomFromText('MULTIPOINT(1 1, 2 2)'), ST_GeomFromText('MULTILINESTRING((0 0, 1 1), (2 2, 3 3))'), ST_GeomFromText('MULTIPOLYGON(((0 0, 0 1, 1 1, 0 0)))'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 39 92))')),
  (2, NULL, ST_GeomFromText('POINT(39 92)', 4326), NULL, NULL, NULL, NULL, NULL, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'));
CREATE TABLE gb (id INT PRIMARY KEY, t VARCHAR(50) CHARACTER SET gb18030);
INSERT INTO gb VALUES (1, '中文'), (2, 0x8130EE30);
CREATE TABLE unseen (id INT NOT NULL PRIMARY KEY, seen INT, hidden INT INVISIBLE DEFAULT 5, KEY (seen) INVISIBLE, KEY down (seen DESC, id));
INSERT INTO unseen (id, seen, hidden) VALUES (1, 2, 3), (2, 3, NULL);
SET sql_generate_invisible_primary_key = ON;
CREATE TABLE keyless (a VARCHAR(10));
SET sql_generate_invisible_primary_key = OFF;
INSERT INTO keyless VALUES ('x'), ('y');
CREATE TABLE lax (id INT PRIMARY KEY, n INT, CONSTRAINT not_checked CHECK (n > 10) NOT ENFORCED, made TIMESTAMP(3) NOT NULL DEFAULT (NOW(3)), u BINARY(16) DEFAULT (UUID_TO_BIN('6ccd780c-baba-1026-9564-5b8c656024db')));
INSERT INTO lax (id, n, made) VALUES (1, 1, '2024-01-01');
/*!90000 CREATE TABLE vectors (id INT PRIMARY KEY, v VECTOR(3)) */;
/*!90000 INSERT INTO vectors VALUES (1, STRING_TO_VECTOR('[1, 2.5, -3e10]')), (2, NULL) */;
CREATE TABLE spread (id INT PRIMARY KEY, v VARCHAR(20));
INSERT INTO spread SELECT id * 10 + part, code FROM parents;
ANALYZE TABLE spread UPDATE HISTOGRAM ON v WITH 16 BUCKETS;
CREATE TABLE archived (id INT, t TEXT) ENGINE = ARCHIVE;
INSERT INTO archived VALUES (1, 'kept');
CREATE TABLE csv_rows (id INT NOT NULL, t VARCHAR(30) NOT NULL) ENGINE = CSV;
INSERT INTO csv_rows VALUES (1, 'it''s "a", b');
/*!90200 CREATE LIBRARY helpers COMMENT 'it''s JavaScript' LANGUAGE JAVASCRIPT AS 'export function f(n) { return "it\'s " + n; }' */;
/*!90200 CREATE JSON RELATIONAL DUALITY VIEW duality AS SELECT JSON_DUALITY_OBJECT('_id': id, 'value': v) FROM spread */;
CREATE USER IF NOT EXISTS 'late definer'@'localhost';
CREATE DEFINER = 'late definer'@'localhost' VIEW by_another AS SELECT id FROM parents;
CREATE DEFINER = 'late definer'@'localhost' PROCEDURE by_another () SELECT 1;
