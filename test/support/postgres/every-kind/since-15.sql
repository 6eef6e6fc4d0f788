-- New in PostgreSQL 15.

CREATE TABLE app.not_distinct (a integer, b integer, UNIQUE NULLS NOT DISTINCT (a, b));
CREATE UNIQUE INDEX not_distinct_b ON app.not_distinct (b) NULLS NOT DISTINCT;
CREATE VIEW views.invoker WITH (security_invoker = true, security_barrier = false) AS SELECT * FROM app.orders;
CREATE UNLOGGED SEQUENCE app.unlogged_sequence;
SELECT nextval('app.unlogged_sequence');
CREATE TABLE app.set_null_column (
  a integer, b integer, FOREIGN KEY (a) REFERENCES app.chickens ON DELETE SET NULL (a)
);
CREATE TABLE app.scaled (n numeric(3, -2), m numeric(3, 5));
INSERT INTO app.scaled VALUES (12345, 0.00123);
CREATE PUBLICATION rows_and_columns FOR TABLE app.customers (id, name) WHERE (id > 100 AND other <> 5);
CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA app, "select";
CREATE PUBLICATION of_both FOR TABLES IN SCHEMA parts, TABLE ONLY app.mixin;
CREATE SUBSCRIPTION two_phases CONNECTION 'host=192.0.2.1' PUBLICATION a
  WITH (connect = false, slot_name = NONE, two_phase = true, disable_on_error = true);
