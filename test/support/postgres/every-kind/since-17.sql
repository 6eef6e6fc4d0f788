-- New in PostgreSQL 17.

CREATE EVENT TRIGGER on_login ON login EXECUTE FUNCTION rules.on_event();
CREATE TABLE parts.with_method (a integer) PARTITION BY LIST (a) USING heap_again;
CREATE TABLE parts.with_method_1 PARTITION OF parts.with_method FOR VALUES IN (1);
CREATE TABLE parts.identity (a integer GENERATED ALWAYS AS IDENTITY, b integer) PARTITION BY LIST (b);
CREATE TABLE parts.identity_1 PARTITION OF parts.identity FOR VALUES IN (1);
INSERT INTO parts.identity (b) VALUES (1), (1);
CREATE COLLATION types.builtin (provider = builtin, locale = 'C.UTF-8');
GRANT MAINTAIN ON app.orders TO reader;
INSERT INTO vals.times (i) VALUES ('infinity'), ('-infinity');
CREATE VIEW views.json_table AS SELECT * FROM json_table('[{"a": 1}]', '$[*]' COLUMNS (a integer PATH '$.a'));
CREATE SUBSCRIPTION with_failover CONNECTION 'host=192.0.2.1' PUBLICATION a
  WITH (connect = false, slot_name = NONE, failover = true);
