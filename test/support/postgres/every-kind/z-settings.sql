-- Settings of the database, which every session in it begins with: none of them may change what is dumped.

DO $$ BEGIN
  EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'Its comment');
  EXECUTE format('ALTER DATABASE %I SET search_path TO app, "Weird ""schema"".ü;"', current_database());
  EXECUTE format('ALTER DATABASE %I SET DateStyle TO German', current_database());
  EXECUTE format('ALTER DATABASE %I SET IntervalStyle TO sql_standard', current_database());
  EXECUTE format('ALTER DATABASE %I SET extra_float_digits TO -15', current_database());
  EXECUTE format('ALTER DATABASE %I SET bytea_output TO escape', current_database());
  EXECUTE format('ALTER DATABASE %I SET TimeZone TO %L', current_database(), 'Asia/Kathmandu');
  EXECUTE format('ALTER DATABASE %I SET client_encoding TO LATIN1', current_database());
  -- 19 has no others.
  IF current_setting('server_version_num')::int < 190000 THEN
    EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings TO off', current_database());
  END IF;
  EXECUTE format('ALTER DATABASE %I SET quote_all_identifiers TO on', current_database());
  EXECUTE format('ALTER DATABASE %I SET synchronize_seqscans TO on', current_database());
  EXECUTE format('ALTER DATABASE %I SET check_function_bodies TO on', current_database());
  EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only TO off', current_database());
  EXECUTE format('ALTER DATABASE %I SET xmloption TO document', current_database());
  EXECUTE format('ALTER DATABASE %I SET session_replication_role TO replica', current_database());
  EXECUTE format('ALTER DATABASE %I SET statement_timeout TO %L', current_database(), '1h');
  EXECUTE format('ALTER ROLE owner_a IN DATABASE %I SET work_mem TO %L', current_database(), '9MB');
END $$;
