-- Names that have to be quoted.

CREATE SCHEMA "Weird ""schema"".ü;";
CREATE SCHEMA "select";
CREATE TABLE "Weird ""schema"".ü;"."Ta.ble ""x""; --" (
  "select" integer PRIMARY KEY, "UPPER" text DEFAULT 'U', "with space" text, "quo""te" text, "ünï ✓" text,
  "a,b" text, "(c)" text, "new
line" text, "tab	" text, "back\slash" text, "'" text, "$$" text, "1st" integer, " " text
);
INSERT INTO "Weird ""schema"".ü;"."Ta.ble ""x""; --" VALUES (1), (2);
CREATE TABLE "select"."user" ("from" integer GENERATED ALWAYS AS IDENTITY, "where" text, oid_ oid);
INSERT INTO "select"."user" ("where") VALUES ('here');
CREATE TABLE "select"."an_identifier_of_exactly_sixty_three_bytes_which_is_the_maximum" (
  "a_column_of_exactly_sixty_three_bytes_which_is_also_the_maximum" serial
);
INSERT INTO "select"."an_identifier_of_exactly_sixty_three_bytes_which_is_the_maximum" DEFAULT VALUES;
CREATE TABLE "select"."new
line" ("a
b" integer);
INSERT INTO "select"."new
line" VALUES (1);
CREATE TABLE "select"."cr" (a integer);
INSERT INTO "select"."cr" VALUES (1);
CREATE TABLE "select"."FROM stdin;" ("FROM stdin;" text);
INSERT INTO "select"."FROM stdin;" VALUES ('x');
CREATE TABLE "select".similar_a (a integer);
CREATE TABLE "select"."Similar_a" (a integer);
CREATE TABLE "select"."similar_A" (a integer);
INSERT INTO "select"."similar_A" VALUES (3);
INSERT INTO "select".similar_a VALUES (1);
CREATE TABLE public.between (n integer);
CREATE TABLE public.value (value integer);
CREATE TABLE public."table" ("table" integer);
INSERT INTO public.between VALUES (1);
INSERT INTO public.value VALUES (2);
INSERT INTO public."table" VALUES (3);
CREATE SEQUENCE "select"."Se;q""u" START 5;
SELECT nextval('"select"."Se;q""u"');
CREATE VIEW "select"."view""s" AS SELECT "select" AS "SELECT" FROM "Weird ""schema"".ü;"."Ta.ble ""x""; --";
CREATE INDEX "in;dex" ON "Weird ""schema"".ü;"."Ta.ble ""x""; --" ("with space", lower("quo""te"));
CREATE TYPE "select"."ty;pe" AS ENUM ('a;b', 'c"d', 'e''f');
CREATE FUNCTION "select"."fun;c"(" x" "select"."ty;pe", "Y" integer DEFAULT 1) RETURNS text LANGUAGE sql AS 'SELECT $1::text';
COMMENT ON TABLE "select"."new
line" IS 'a name of two
lines';
