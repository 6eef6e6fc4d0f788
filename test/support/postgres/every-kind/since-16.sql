-- New in PostgreSQL 16.

ALTER TABLE app.orders ALTER state SET STORAGE EXTERNAL;
CREATE TABLE app.born_with_storage (t text STORAGE MAIN COMPRESSION pglz);
INSERT INTO app.born_with_storage VALUES ('x');
CREATE COLLATION types.ruled (provider = icu, locale = 'und', rules = '&V << w <<< W');
CREATE SUBSCRIPTION origins CONNECTION 'host=192.0.2.1' PUBLICATION a
  WITH (connect = false, slot_name = NONE, origin = none, password_required = false, run_as_owner = true);
INSERT INTO vals.texts (id, q) VALUES (15, '\344'), (16, '\000');
