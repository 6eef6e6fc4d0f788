-- Languages, functions, procedures, aggregates, casts, transforms, conversions; and bodies that confuse splitters.

CREATE FUNCTION app.plsample_call_handler() RETURNS language_handler
  LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION app.plsample_inline_handler(internal) RETURNS void
  LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION app.plsample_validator(oid) RETURNS void
  LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE plsample
  HANDLER app.plsample_call_handler INLINE app.plsample_inline_handler VALIDATOR app.plsample_validator;
COMMENT ON LANGUAGE plsample IS 'PL/pgSQL under another name';
GRANT USAGE ON LANGUAGE plsample TO reader;

CREATE FUNCTION app.in_plsample(n integer) RETURNS integer LANGUAGE plsample AS $$ BEGIN RETURN n; END $$;

CREATE FUNCTION app.add(a integer, b integer DEFAULT 2, OUT total integer) LANGUAGE sql
  IMMUTABLE LEAKPROOF PARALLEL SAFE COST 5 AS 'SELECT a + b';
CREATE FUNCTION app.one_line_more(VARIADIC list text[] DEFAULT '{}') RETURNS SETOF text
  LANGUAGE sql STABLE ROWS 7 SECURITY DEFINER SET search_path TO app, pg_temp SET work_mem = '8MB'
  AS $$ SELECT unnest(list) $$;
CREATE FUNCTION app.as_table(y text, OUT x integer, OUT z text) RETURNS SETOF record
  LANGUAGE sql AS 'SELECT 1, y';
CREATE FUNCTION app.table_of(n integer) RETURNS TABLE (id integer, "Na me" text)
  LANGUAGE sql AS 'SELECT g, g::text FROM generate_series(1, n) g';
CREATE FUNCTION app.of_any(anyelement, anyarray) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = ANY ($2)';
CREATE FUNCTION app.rank_again() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_rank';
CREATE FUNCTION app.settings() RETURNS text LANGUAGE plpgsql
  SET "DateStyle" TO 'German' SET "app.custom" TO 'a, ''b'' "c"' SET timezone FROM CURRENT
  AS $$ BEGIN RETURN current_setting('app.custom'); END $$;
ALTER FUNCTION app.add(integer, integer) OWNER TO "Owner ""B""";
COMMENT ON FUNCTION app.add(integer, integer) IS 'Adds; not more';

-- SQL-standard bodies hold semicolons outside quotes.
CREATE FUNCTION app.atomic(n integer) RETURNS integer LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN n > 0 THEN 1 ELSE 2 END;
  SELECT CASE n WHEN 1 THEN CASE WHEN true THEN 3 END ELSE 4 END AS "end";
END;
CREATE FUNCTION app.returns_now(a text) RETURNS text LANGUAGE sql RETURN a || ';' || 'BEGIN ATOMIC';
CREATE PROCEDURE app.proc(IN a integer, INOUT b text DEFAULT 'x;y') LANGUAGE plpgsql
  AS $proc$ BEGIN b := b || a; END $proc$;
COMMENT ON PROCEDURE app.proc(integer, text) IS 'A procedure';

CREATE FUNCTION app.tricky() RETURNS text LANGUAGE plpgsql AS $outer$
DECLARE
  s text := 'unbalanced " quote'; -- it's a comment
  /* a comment /* within */ a ' comment */
BEGIN
  EXECUTE $inner$ SELECT $$ ; \. $$ $inner$;
  s := E'\\.\n' || $x$
\.
COPY public.nothing FROM stdin;
1	2
\.
\restrict not a command
\q
$x$;
  RETURN s; -- $outer is not the end
END
$outer$;
CREATE FUNCTION app.quoted_body() RETURNS text LANGUAGE sql AS
  E'SELECT ''a\\\\b''::text || \'; $$ $_$ $body$ --\' /* "*/';
CREATE FUNCTION app."na;me""s $$"(" a;""b" text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION app.crlf() RETURNS text LANGUAGE sql AS E'SELECT 1::text -- one\r\n  || ''\t''\r\n';

CREATE AGGREGATE app.total(integer) (
  SFUNC = int4_sum, STYPE = bigint, COMBINEFUNC = int8pl, INITCOND = '0', PARALLEL = SAFE,
  MSFUNC = int4_avg_accum, MINVFUNC = int4_avg_accum_inv, MSTYPE = bigint[],
  MFINALFUNC = int2int4_sum, MINITCOND = '{0,0}', FINALFUNC_MODIFY = READ_ONLY
);
CREATE AGGREGATE app.percentile(float8 ORDER BY anyelement) (
  SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA
);
CREATE AGGREGATE app.ranked(VARIADIC "any" ORDER BY VARIADIC "any") (
  SFUNC = ordered_set_transition_multi, STYPE = internal,
  FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL
);
CREATE AGGREGATE app.least_of(integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = <);
CREATE AGGREGATE app.rows(*) (SFUNC = int8inc, STYPE = bigint, SSPACE = 8, INITCOND = '0');
COMMENT ON AGGREGATE app.total(integer) IS 'A sum';
COMMENT ON AGGREGATE app.percentile(float8 ORDER BY anyelement) IS 'Ordered set';

CREATE FUNCTION app.mood_number(types.mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (types.mood AS integer) WITH FUNCTION app.mood_number(types.mood) AS ASSIGNMENT;
CREATE CAST (types.label AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (types.pair AS text) WITH INOUT;
COMMENT ON CAST (types.mood AS integer) IS 'A cast';

CREATE TRANSFORM FOR integer LANGUAGE sql (
  FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal)
);
COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS 'Never used';

CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION app.back FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
COMMENT ON CONVERSION app.latin IS 'A conversion';
