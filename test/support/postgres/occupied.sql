-- What a restore finds in its way: the names of the sample every-kind, for other kinds of things.

CREATE SCHEMA app AUTHORIZATION "Owner ""B""";
CREATE SCHEMA types;
CREATE SCHEMA "select" AUTHORIZATION reader;
CREATE SCHEMA left_over;
CREATE EXTENSION hstore;
CREATE EXTENSION citext SCHEMA left_over;
CREATE EXTENSION cofre_sample;
INSERT INTO cofre_sample.config (key) VALUES ('left over');
CREATE EXTENSION tablefunc SCHEMA app;

CREATE TYPE types.mood AS (a integer, h hstore);
CREATE TYPE types.pair AS ENUM ('x');
CREATE DOMAIN types.label AS left_over.citext;
CREATE TYPE types.only_a_shell;
CREATE TABLE left_over.parent (id integer PRIMARY KEY, m types.mood);
INSERT INTO left_over.parent VALUES (1, ROW(1, 'a=>b'));
CREATE VIEW app.customers AS SELECT * FROM left_over.parent;
CREATE MATERIALIZED VIEW app.orders AS SELECT id, count(*) FROM app.customers GROUP BY id;
CREATE TABLE app.plain (id serial PRIMARY KEY, parent integer REFERENCES left_over.parent, self integer REFERENCES app.plain);
INSERT INTO app.plain VALUES (1, 1, 1);
CREATE TABLE "select"."user" () INHERITS (left_over.parent);
CREATE TABLE public.value (other text) PARTITION BY LIST (other);
CREATE TABLE public.value_default PARTITION OF public.value DEFAULT;
INSERT INTO public.value VALUES ('left over');
CREATE SEQUENCE app.backwards;
CREATE UNLOGGED TABLE album (left_over integer);

CREATE FUNCTION app.add(integer, integer) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'left over'; END $$;
CREATE PROCEDURE app.total(integer) LANGUAGE sql AS '';
-- Names and types of the one are those of the other, too.
CREATE PROCEDURE public.same(OUT a integer, IN b integer, IN "c d" integer) LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE public.same(IN a integer, IN b integer, IN "c d" integer) LANGUAGE sql AS '';
CREATE AGGREGATE app.tricky(integer) (SFUNC = int4_sum, STYPE = bigint);
CREATE FUNCTION app.uses_default(a integer DEFAULT app.add(1, 2)::integer) RETURNS app.plain LANGUAGE sql AS 'SELECT NULL::app.plain';
CREATE FUNCTION left_over.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE LANGUAGE plsample HANDLER left_over.handler;
CREATE LANGUAGE pl_left_over HANDLER left_over.handler;
CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
CREATE OPERATOR FAMILY app.family USING btree;
CREATE COLLATION types.german FROM "C";
CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE CAST (types.mood AS text) WITH INOUT;
CREATE CAST (integer AS inet) WITH INOUT;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE TRANSFORM FOR bigint LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE TEXT SEARCH CONFIGURATION app.config (COPY = english);
CREATE TEXT SEARCH DICTIONARY app.dictionary (TEMPLATE = simple);
CREATE TEXT SEARCH PARSER app.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE app.template (LEXIZE = dsimple_lexize);
CREATE STATISTICS app.of_customers ON id, parent FROM app.plain;
CREATE ACCESS METHOD heap_again TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD left_over TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE app.in_left_over (a integer) USING left_over;

CREATE EXTENSION postgres_fdw;
CREATE FOREIGN DATA WRAPPER own;
CREATE FOREIGN DATA WRAPPER left_over;
CREATE SERVER remote FOREIGN DATA WRAPPER left_over;
CREATE SERVER left_over FOREIGN DATA WRAPPER postgres_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER left_over;
CREATE FOREIGN TABLE app.far (a integer) SERVER left_over;

CREATE PUBLICATION everything FOR TABLE app.plain;
CREATE PUBLICATION left_over FOR ALL TABLES;
CREATE SUBSCRIPTION with_slot CONNECTION 'host=192.0.2.1' PUBLICATION x WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION left_over CONNECTION 'host=192.0.2.1' PUBLICATION x WITH (connect = false, slot_name = 'a_slot_far_away');
SELECT lo_from_bytea(70001, 'left over'), lo_from_bytea(70099, 'left over');
GRANT ALL ON LARGE OBJECT 70099 TO PUBLIC;
ALTER LARGE OBJECT 70099 OWNER TO reader;

GRANT ALL ON SCHEMA public TO reader WITH GRANT OPTION;
ALTER SCHEMA public OWNER TO owner_a;
COMMENT ON SCHEMA public IS 'left over';
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE owner_a IN SCHEMA app GRANT ALL ON FUNCTIONS TO reader;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_waldir() TO reader;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(float8) FROM PUBLIC;
GRANT SELECT (rolname) ON pg_catalog.pg_authid TO reader;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;

CREATE FUNCTION left_over.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
CREATE EVENT TRIGGER on_end ON sql_drop EXECUTE FUNCTION left_over.refuse();
CREATE EVENT TRIGGER left_over ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE', 'DROP SCHEMA')
  EXECUTE FUNCTION left_over.refuse();
