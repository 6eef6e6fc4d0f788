-- Schemas, and types of every kind: enum, composite, domain, range and multirange, base, shell; collations.

CREATE SCHEMA app AUTHORIZATION owner_a;
CREATE SCHEMA types AUTHORIZATION CURRENT_USER;
CREATE SCHEMA empty;
COMMENT ON SCHEMA app IS 'It''s the "app" schema; with \backslash,
a second line -- and no comment';
COMMENT ON SCHEMA public IS 'Not the comment it is born with';

CREATE TYPE types.mood AS ENUM ('sad', 'ok', 'it''s "fine"');
ALTER TYPE types.mood ADD VALUE 'in between' BEFORE 'ok';
ALTER TYPE types.mood ADD VALUE 'über';
ALTER TYPE types.mood RENAME VALUE 'sad' TO 'Sad';
ALTER TYPE types.mood OWNER TO owner_a;
CREATE TYPE types.nothing AS ENUM ();
COMMENT ON TYPE types.mood IS 'How one feels';

CREATE COLLATION types.bytes (provider = libc, locale = 'C');
CREATE COLLATION types.german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION types.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
COMMENT ON COLLATION types.loose IS 'Upper and lower case are equal';

CREATE TYPE types.pair AS (a integer, "B b" text COLLATE types.bytes);
CREATE TYPE types.nested AS (p types.pair, list types.pair[], feel types.mood);
ALTER TYPE types.pair ADD ATTRIBUTE gone integer, ADD ATTRIBUTE c numeric(5, 2);
ALTER TYPE types.pair DROP ATTRIBUTE gone;
CREATE TYPE types.no_attributes AS ();
COMMENT ON COLUMN types.pair."B b" IS 'An attribute';

CREATE DOMAIN types.positive AS integer DEFAULT 7 CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE DOMAIN types.even AS types.positive NOT NULL CHECK (VALUE % 2 = 0);
CREATE DOMAIN types.word AS text COLLATE "C" CONSTRAINT no_space CHECK (VALUE !~ '\s');
CREATE DOMAIN types.positives AS types.positive[] CHECK (cardinality(VALUE) < 9);
ALTER DOMAIN types.word ADD CONSTRAINT short CHECK (length(VALUE) < 5) NOT VALID;
COMMENT ON DOMAIN types.positive IS 'More than nothing';
COMMENT ON CONSTRAINT is_positive ON DOMAIN types.positive IS 'A constraint of a domain';

CREATE FUNCTION types.distance(float8, float8) RETURNS float8
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1 - $2';
CREATE TYPE types.span AS RANGE (subtype = float8, subtype_diff = types.distance, multirange_type_name = types.spans);
CREATE TYPE types.words AS RANGE (subtype = text, collation = "C");
COMMENT ON TYPE types.span IS 'A range with a difference function';

-- A base type, made of functions that every server has, and one that never got further than its name.
CREATE TYPE types.label;
CREATE FUNCTION types.label_in(cstring) RETURNS types.label LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION types.label_out(types.label) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE types.label (
  INPUT = types.label_in, OUTPUT = types.label_out, LIKE = text,
  CATEGORY = 'S', DEFAULT = 'none', COLLATABLE = true, DELIMITER = ';'
);
CREATE TYPE types.only_a_shell;
