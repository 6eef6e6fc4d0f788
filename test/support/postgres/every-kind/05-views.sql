-- Views, and what depends on what in ways that a dump has to untie.

CREATE SCHEMA views;
CREATE VIEW views.open_orders WITH (security_barrier = true) AS
  SELECT id, customer AS "Customer", total FROM app.orders WHERE state = 'open' WITH LOCAL CHECK OPTION;
CREATE VIEW views.cascaded AS SELECT * FROM views.open_orders WHERE total > 0 WITH CASCADED CHECK OPTION;
ALTER VIEW views.open_orders ALTER total SET DEFAULT 5;
ALTER VIEW views.open_orders OWNER TO owner_a;
COMMENT ON VIEW views.open_orders IS 'A view; with a semicolon';
COMMENT ON COLUMN views.open_orders."Customer" IS 'A column of a view';
CREATE RECURSIVE VIEW views.counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 10;
CREATE VIEW views.with_nothing AS SELECT;
CREATE VIEW views.text AS SELECT E'back\\slash '' $$ ;'::text AS "it's", U&'\00e4\000a'::text AS "new
line";

-- Of two views that use each other, one is made twice.
CREATE VIEW views.hen AS SELECT 1 AS n;
CREATE VIEW views.egg AS SELECT n FROM views.hen;
CREATE OR REPLACE VIEW views.hen AS SELECT n FROM views.egg;

-- Needs the primary key, which comes after the data.
CREATE VIEW views.by_key AS SELECT id, name, count(*) FROM app.customers GROUP BY id;
CREATE VIEW views.on_by_key AS SELECT * FROM views.by_key WHERE name <> '';
CREATE FUNCTION views.of_row(views.by_key) RETURNS text LANGUAGE sql AS 'SELECT $1.name';
CREATE RULE instead AS ON INSERT TO views.by_key DO INSTEAD NOTHING;

CREATE MATERIALIZED VIEW views.totals (customer, "Sum") WITH (fillfactor = 60) AS
  SELECT customer, sum(total) FROM app.orders GROUP BY customer;
CREATE UNIQUE INDEX totals_customer ON views.totals (customer);
ALTER MATERIALIZED VIEW views.totals CLUSTER ON totals_customer;
CREATE MATERIALIZED VIEW views.of_totals TABLESPACE "fast space" AS SELECT max("Sum") AS m FROM views.totals;
CREATE MATERIALIZED VIEW views.of_key AS SELECT id, name, count(*) FROM app.customers GROUP BY id;
CREATE MATERIALIZED VIEW views.unfilled AS SELECT * FROM views.of_totals WITH NO DATA;
CREATE INDEX unfilled_m ON views.unfilled (m);
ALTER MATERIALIZED VIEW views.totals OWNER TO owner_a;
ALTER MATERIALIZED VIEW views.totals ALTER "Sum" SET STATISTICS 9;
COMMENT ON MATERIALIZED VIEW views.totals IS 'Kept sums';
