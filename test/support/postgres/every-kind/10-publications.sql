-- Publications and a subscription that never connected; large objects.

CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, delete');
CREATE PUBLICATION "some; tables" FOR TABLE app.customers, ONLY app.parent;
CREATE PUBLICATION by_root FOR TABLE parts.events WITH (publish_via_partition_root = true);
CREATE PUBLICATION nothing;
ALTER PUBLICATION nothing OWNER TO owner_a;
COMMENT ON PUBLICATION everything IS 'A publication';
CREATE SUBSCRIPTION "from; afar" CONNECTION 'host=192.0.2.1 password=p''w dbname=x' PUBLICATION a, "b c"
  WITH (connect = false, slot_name = NONE, binary = true, synchronous_commit = 'off');
CREATE SUBSCRIPTION with_slot CONNECTION 'host=192.0.2.1' PUBLICATION a
  WITH (connect = false, slot_name = 'a_slot', streaming = true);
COMMENT ON SUBSCRIPTION with_slot IS 'A subscription';

SELECT lo_from_bytea(70001, ''), lo_from_bytea(70002, 'text'),
  lo_from_bytea(70003, decode(repeat('00ff5c27', 300000), 'hex')),
  lo_from_bytea(3000000000, '\x00'), lo_create(70005);
SELECT lo_put(70005, 5000, 'after a hole');
ALTER LARGE OBJECT 70002 OWNER TO owner_a;
COMMENT ON LARGE OBJECT 70002 IS 'It''s large';
GRANT SELECT, UPDATE ON LARGE OBJECT 70002 TO reader;
GRANT SELECT ON LARGE OBJECT 70003 TO PUBLIC;
