-- Months are made ahead, on demand by the worker and by migrate, and dropped by retention.
-- A row whose month does not exist, because a camera's clock says 1970 or 2090, goes to the default partition: no part is lost to a wrong clock.

CREATE TABLE images_default PARTITION OF images DEFAULT;
CREATE TABLE classifications_default PARTITION OF classifications DEFAULT;
COMMENT ON TABLE images_default IS 'Images whose captured_at is outside every month, usually from a camera with a wrong clock.';
COMMENT ON TABLE classifications_default IS 'Classifications whose captured_at is outside every month, usually from a camera with a wrong clock.';

-- The month is built beside the parent and attached: creating it in place would lock every reader and writer out.
-- Rows that waited in the default partition move along, else attaching would be refused.
CREATE FUNCTION create_month(parent text, month timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    partition text := format('%s_%s', parent, to_char(month AT TIME ZONE 'UTC', '"y"YYYY"m"MM'));
    last_moment timestamptz := (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
    bounds text := format('captured_at >= %L AND captured_at < %L', month, last_moment);
    columns text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('partsworker.partitions'));
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT attach_without_scan CHECK (%s)', partition, bounds);
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
        WHERE attrelid = parent::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    EXECUTE format('WITH moved AS (DELETE FROM %1$I WHERE %2$s RETURNING %3$s) INSERT INTO %4$I (%3$s) SELECT %3$s FROM moved',
        parent || '_default', bounds, columns, partition);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, month, last_moment);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT attach_without_scan', partition);
END $$;

-- Runs as its owner so that the worker needs no right to create tables; the window keeps a mad clock from creating thousands of them.
CREATE FUNCTION ensure_partitions(captured timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    this_month timestamptz := date_trunc('month', now(), 'UTC');
    month timestamptz;
BEGIN
    FOR month IN
        SELECT (this_month AT TIME ZONE 'UTC' + make_interval(months => ahead)) AT TIME ZONE 'UTC' FROM generate_series(0, 3) AS ahead
        UNION
        SELECT date_trunc('month', captured, 'UTC') WHERE captured BETWEEN now() - interval '10 years' AND this_month + interval '3 months'
    LOOP
        PERFORM create_month('images', month), create_month('classifications', month);
    END LOOP;
    RETURN captured BETWEEN now() - interval '10 years' AND this_month + interval '3 months';
END $$;

-- Drops months that end before the cut, and rows of the default partitions that were written before it
-- (their captured_at means nothing). Returns what was, or with dry_run would be, dropped.
CREATE FUNCTION drop_partitions_before(cut timestamptz, dry_run boolean)
RETURNS TABLE (partition text, estimated_rows bigint, bytes bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '10s' AS $$
BEGIN
    IF cut > date_trunc('day', now(), 'UTC') THEN
        RAISE EXCEPTION 'retention would drop today: keep at least one day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR partition, estimated_rows, bytes IN
        SELECT child.relname, greatest(child.reltuples, 0)::bigint, pg_total_relation_size(child.oid)
        FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent IN ('images'::regclass, 'classifications'::regclass) AND child.relname ~ '_y[0-9]{4}m[0-9]{2}$'
          AND (to_date(right(child.relname, 7), 'YYYY"m"MM') + interval '1 month') AT TIME ZONE 'UTC' <= cut
        ORDER BY child.relname
    LOOP
        IF NOT dry_run THEN
            EXECUTE format('DROP TABLE %I', partition);
        END IF;
        RETURN NEXT;
    END LOOP;
    FOR partition, estimated_rows IN
        SELECT 'images_default', count(*) FROM images_default WHERE stored_at < cut
        UNION ALL
        SELECT 'classifications_default', count(*) FROM classifications_default WHERE classified_at < cut
    LOOP
        bytes := 0;
        IF estimated_rows > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
    IF NOT dry_run THEN
        DELETE FROM images_default WHERE stored_at < cut;
        DELETE FROM classifications_default WHERE classified_at < cut;
    END IF;
END $$;

COMMENT ON FUNCTION create_month(text, timestamptz) IS 'Creates and attaches one month of images or classifications, moving waiting rows out of the default partition.';
COMMENT ON FUNCTION ensure_partitions(timestamptz) IS 'Makes the month of a captured_at, this month and the next three; false when the time is implausible and the row will stay in the default partition.';
COMMENT ON FUNCTION drop_partitions_before(timestamptz, boolean) IS 'Retention: drops the months that end before the cut; refuses to drop today.';

SELECT ensure_partitions(now());
