-- Rules, triggers, event triggers, row security.

CREATE SCHEMA rules;
CREATE TABLE rules.log (what text, at timestamptz DEFAULT now());
CREATE TABLE rules.watched (a integer PRIMARY KEY, b text, owner text DEFAULT 'nobody');
INSERT INTO rules.watched VALUES (1, 'one', 'reader'), (2, NULL, 'owner_a');
CREATE VIEW rules.watched_view AS SELECT a, b FROM rules.watched;

CREATE RULE keep_log AS ON UPDATE TO rules.watched WHERE old.b IS DISTINCT FROM new.b
  DO ALSO (INSERT INTO rules.log (what) VALUES ('it''s; changed'); DELETE FROM rules.log WHERE what = ';');
CREATE RULE tell AS ON INSERT TO rules.log DO ALSO NOTIFY "cha;nges", 'a;b';
CREATE RULE no_delete AS ON DELETE TO rules.watched DO INSTEAD NOTHING;
CREATE RULE insert_view AS ON INSERT TO rules.watched_view
  DO INSTEAD INSERT INTO rules.watched (a, b) VALUES (new.a, new.b) RETURNING a, b;
ALTER TABLE rules.watched DISABLE RULE no_delete;
COMMENT ON RULE keep_log ON rules.watched IS 'A rule';

-- Would double the log, were it to fire while rows are loaded.
CREATE FUNCTION rules.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO rules.log (what) VALUES (TG_NAME || TG_OP); RETURN COALESCE(new, old); END $$;
CREATE FUNCTION rules.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OF a, b ON rules.watched
  FOR EACH ROW WHEN (new.b <> 'it''s') EXECUTE FUNCTION rules.note('argument', 'it''s', 'back\slash', '');
CREATE TRIGGER after_row AFTER DELETE ON rules.watched FOR EACH ROW EXECUTE FUNCTION rules.note();
CREATE TRIGGER "before; statement" BEFORE TRUNCATE ON rules.watched EXECUTE FUNCTION rules.refuse();
CREATE TRIGGER transitions AFTER UPDATE ON rules.watched REFERENCING OLD TABLE AS old_rows NEW TABLE AS "New Rows"
  FOR EACH STATEMENT EXECUTE FUNCTION rules.note();
CREATE TRIGGER on_view INSTEAD OF UPDATE ON rules.watched_view FOR EACH ROW EXECUTE FUNCTION rules.note();
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON rules.watched FROM app.customers
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rules.note();
CREATE TRIGGER off BEFORE INSERT ON rules.watched FOR EACH ROW EXECUTE FUNCTION rules.refuse();
CREATE TRIGGER in_replica BEFORE INSERT ON rules.watched FOR EACH ROW EXECUTE FUNCTION rules.refuse();
CREATE TRIGGER always_on AFTER INSERT ON rules.watched FOR EACH ROW EXECUTE FUNCTION rules.note();
ALTER TABLE rules.watched DISABLE TRIGGER off, ENABLE REPLICA TRIGGER in_replica, ENABLE ALWAYS TRIGGER always_on;
CREATE TRIGGER of_partitions AFTER INSERT ON parts.events FOR EACH ROW EXECUTE FUNCTION rules.note();
ALTER TABLE parts.events_old DISABLE TRIGGER of_partitions;
COMMENT ON TRIGGER before_row ON rules.watched IS 'A trigger';

ALTER TABLE rules.watched ENABLE ROW LEVEL SECURITY;
ALTER TABLE rules.watched FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON rules.watched AS PERMISSIVE FOR ALL TO reader, "Owner ""B"""
  USING (owner = CURRENT_USER) WITH CHECK (b <> 'it''s');
CREATE POLICY never ON rules.watched AS RESTRICTIVE FOR DELETE USING (false);
CREATE POLICY adding ON rules.watched FOR INSERT TO PUBLIC WITH CHECK (a IN (SELECT id FROM app.customers));
CREATE TABLE rules.locked (n integer);
INSERT INTO rules.locked VALUES (1);
ALTER TABLE rules.locked ENABLE ROW LEVEL SECURITY;
ALTER TABLE rules.locked OWNER TO owner_a;
COMMENT ON POLICY mine ON rules.watched IS 'A policy';

CREATE FUNCTION rules.on_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;
CREATE FUNCTION rules.refuse_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
CREATE EVENT TRIGGER on_end ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION rules.on_event();
CREATE EVENT TRIGGER on_drop ON sql_drop EXECUTE FUNCTION rules.on_event();
CREATE EVENT TRIGGER "on; rewrite" ON table_rewrite EXECUTE FUNCTION rules.refuse_event();
CREATE EVENT TRIGGER on_start ON ddl_command_start EXECUTE FUNCTION rules.refuse_event();
ALTER EVENT TRIGGER on_start DISABLE;
ALTER EVENT TRIGGER on_drop ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER on_end IS 'An event trigger';
