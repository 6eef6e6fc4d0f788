-- Extensions, one with tables whose rows belong to the dump; foreign data.

CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE EXTENSION pg_trgm SCHEMA ext;
CREATE EXTENSION btree_gist SCHEMA ext;
CREATE EXTENSION cube SCHEMA ext;
CREATE EXTENSION earthdistance SCHEMA ext;
CREATE EXTENSION cofre_sample;
COMMENT ON EXTENSION hstore IS 'Not the comment it comes with';

CREATE TABLE ext.uses (h ext.hstore DEFAULT 'a=>b', c ext.citext COLLATE "C", q ext.cube);
INSERT INTO ext.uses VALUES ('a=>1, "b c"=>NULL, "it''s"=>"\"x\""', 'CaSe', '(1,2),(3,4)');
CREATE INDEX uses_c ON ext.uses USING gin (c ext.gin_trgm_ops);
CREATE UNIQUE INDEX uses_cc ON ext.uses (c);

INSERT INTO cofre_sample.config (key, value) VALUES ('a', 'it''s'), ('b', NULL);
INSERT INTO cofre_sample.rules VALUES ('own', E'line\nline', false);
GRANT SELECT ON cofre_sample.plain TO reader;
REVOKE EXECUTE ON FUNCTION cofre_sample.answer() FROM PUBLIC;

CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE FOREIGN DATA WRAPPER own HANDLER postgres_fdw_handler OPTIONS (debug 'true', "Quo;ted" 'it''s');
CREATE SERVER remote TYPE 'postgres' VERSION '9''9' FOREIGN DATA WRAPPER postgres_fdw
  OPTIONS (host '192.0.2.1', dbname 'it''s \here');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE SERVER of_own FOREIGN DATA WRAPPER own;
CREATE USER MAPPING FOR CURRENT_USER SERVER remote OPTIONS ("user" 'me', password 'p''w');
CREATE USER MAPPING FOR PUBLIC SERVER remote;
CREATE USER MAPPING FOR "Owner ""B""" SERVER remote OPTIONS ("user" 'b');
ALTER SERVER remote OWNER TO owner_a;
GRANT USAGE ON FOREIGN SERVER remote TO reader WITH GRANT OPTION;
GRANT USAGE ON FOREIGN DATA WRAPPER own TO reader;
COMMENT ON SERVER remote IS 'A server';
COMMENT ON FOREIGN DATA WRAPPER own IS 'A wrapper';
CREATE FOREIGN TABLE ext.far (
  id integer OPTIONS (column_name 'Id') NOT NULL, name text COLLATE "C" DEFAULT 'x', CHECK (id > 0)
) SERVER remote OPTIONS (schema_name 'it''s', table_name 'far');
CREATE FOREIGN TABLE ext.file (line text) SERVER files OPTIONS (filename '/nonexistent', format 'csv');
CREATE FOREIGN TABLE parts.by_expression_far PARTITION OF parts.by_expression
  FOR VALUES FROM ('m', MINVALUE) TO ('n', MINVALUE) SERVER remote;
CREATE FOREIGN TABLE app.far_child (c integer) INHERITS (app.parent) SERVER remote;
CREATE FOREIGN TABLE app.far_strict () INHERITS (app.loose) SERVER remote;
ALTER FOREIGN TABLE app.far_strict ALTER c SET NOT NULL;
COMMENT ON FOREIGN TABLE ext.far IS 'A foreign table';
COMMENT ON COLUMN ext.far.id IS 'A foreign column';
