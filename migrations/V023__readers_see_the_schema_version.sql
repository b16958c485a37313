-- partsworker status compares the version of the schema with the one that the worker needs. Readers could not see the version. The table is
-- missing where psql applies the migrations.
DO $$
BEGIN
    IF to_regclass('schema_migrations') IS NOT NULL THEN
        GRANT SELECT ON schema_migrations TO partsworker_reader, partsworker_reviewer, partsworker_operator;
    END IF;
END
$$;
