-- A bundle may decide unknown by its unknown detector, not only by confidence and similarity.
DO $$
DECLARE
    described record;
BEGIN
    FOR described IN
        SELECT owner.relname
        FROM pg_attribute AS decision
        JOIN pg_class AS owner ON owner.oid = decision.attrelid AND owner.relnamespace = 'public'::regnamespace
        WHERE decision.attname = 'decision'
          AND col_description(decision.attrelid, decision.attnum)
              = 'accepted, or unknown when confidence or max_similarity is below the threshold of the bundle.'
    LOOP
        EXECUTE format(
            'COMMENT ON COLUMN %I.decision IS %L',
            described.relname,
            'accepted, or unknown when the bundle does not know the part, by its unknown detector or its thresholds.');
    END LOOP;
END $$;
