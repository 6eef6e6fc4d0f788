-- Tables of an extension are not dumped, but for the rows that pg_extension_config_dump names.

CREATE TABLE cofre_sample.plain (id integer PRIMARY KEY, note text);
INSERT INTO cofre_sample.plain VALUES (1, 'made by the extension');

CREATE TABLE cofre_sample.config (id serial PRIMARY KEY, key text, value text);
SELECT pg_catalog.pg_extension_config_dump('cofre_sample.config', '');
SELECT pg_catalog.pg_extension_config_dump('cofre_sample.config_id_seq', '');

CREATE TABLE cofre_sample.rules (name text PRIMARY KEY, body text, builtin boolean DEFAULT false);
INSERT INTO cofre_sample.rules VALUES ('default', 'made by the extension', true);
SELECT pg_catalog.pg_extension_config_dump('cofre_sample.rules', 'WHERE NOT builtin');

CREATE FUNCTION cofre_sample.answer() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 42';
