-- Text search: parsers, templates, dictionaries, configurations.

CREATE SCHEMA search;
CREATE TEXT SEARCH PARSER search.parser (
  START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline
);
CREATE TEXT SEARCH TEMPLATE search.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY search.plain (TEMPLATE = search.template, STOPWORDS = english);
CREATE TEXT SEARCH DICTIONARY search."Stem, of" (TEMPLATE = snowball, LANGUAGE = german, STOPWORDS = german);
CREATE TEXT SEARCH CONFIGURATION search.config (PARSER = search.parser);
ALTER TEXT SEARCH CONFIGURATION search.config ADD MAPPING FOR word, asciiword WITH search."Stem, of", search.plain;
ALTER TEXT SEARCH CONFIGURATION search.config ADD MAPPING FOR int, hword WITH simple;
CREATE TEXT SEARCH CONFIGURATION search.copied (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION search.config OWNER TO owner_a;
ALTER TEXT SEARCH DICTIONARY search.plain OWNER TO owner_a;
COMMENT ON TEXT SEARCH CONFIGURATION search.config IS 'A configuration';
COMMENT ON TEXT SEARCH DICTIONARY search.plain IS 'A dictionary';
COMMENT ON TEXT SEARCH PARSER search.parser IS 'A parser';
COMMENT ON TEXT SEARCH TEMPLATE search.template IS 'A template';

CREATE TABLE search.texts (
  body text, words tsvector GENERATED ALWAYS AS (to_tsvector('search.config', body)) STORED
);
INSERT INTO search.texts VALUES ('Häuser und Bäume, it''s 42'), (NULL), ('');
CREATE INDEX texts_words ON search.texts USING gin (words) WITH (fastupdate = off);
