-- New in PostgreSQL 18.

CREATE TABLE app.virtual (a integer, v integer GENERATED ALWAYS AS (a * 2) VIRTUAL, s integer GENERATED ALWAYS AS (a + 1) STORED);
INSERT INTO app.virtual VALUES (1), (NULL);
CREATE TABLE app.only_virtual (v integer GENERATED ALWAYS AS (1 + 1) VIRTUAL);
INSERT INTO app.only_virtual DEFAULT VALUES;
CREATE TABLE app.rooms (room integer, during tsrange, PRIMARY KEY (room, during WITHOUT OVERLAPS));
CREATE TABLE app.bookings (
  id integer, room integer, during tsrange, UNIQUE (id, during WITHOUT OVERLAPS),
  FOREIGN KEY (room, PERIOD during) REFERENCES app.rooms (room, PERIOD during)
);
INSERT INTO app.rooms VALUES (1, '[2020-01-01,2020-02-01)'), (1, '[2020-02-01,2020-03-01)');
INSERT INTO app.bookings VALUES (1, 1, '[2020-01-15,2020-02-15)');
CREATE TABLE app.not_nulls (
  a integer CONSTRAINT "a is; there" NOT NULL, b integer, c integer CONSTRAINT c_here NOT NULL NO INHERIT
);
INSERT INTO app.not_nulls VALUES (1, NULL, 2);
ALTER TABLE app.not_nulls ADD CONSTRAINT b_later NOT NULL b NOT VALID;
COMMENT ON CONSTRAINT "a is; there" ON app.not_nulls IS 'A not-null constraint';
CREATE TABLE app.heir (a integer CONSTRAINT heirs_own NOT NULL) INHERITS (app.not_nulls);
ALTER TABLE app.unchecked ADD CONSTRAINT not_enforced CHECK (a > 5) NOT ENFORCED;
ALTER TABLE app.unchecked ADD CONSTRAINT key_not_enforced FOREIGN KEY (a) REFERENCES app.eggs NOT ENFORCED;
ALTER TABLE parts.notes ADD CONSTRAINT never_valid FOREIGN KEY (day, kind) REFERENCES parts.events NOT VALID;
CREATE PUBLICATION generated FOR TABLE app.virtual WITH (publish_generated_columns = stored);
ALTER DEFAULT PRIVILEGES FOR ROLE owner_a GRANT SELECT ON LARGE OBJECTS TO reader;

CREATE ACCESS METHOD btree_again TYPE INDEX HANDLER bthandler;
CREATE OPERATOR CLASS ops.ints_again DEFAULT FOR TYPE integer USING btree_again AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE INDEX by_btree_again ON ops.in_heap_again USING btree_again (n);
