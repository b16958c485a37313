-- Workers could not write queue_depths: the update reads these columns of the new row, and PostgreSQL asks for SELECT on them.
GRANT SELECT (messages, consumers, worker) ON queue_depths TO partsworker_writer;

-- Images that are stored after the run has read their page are not published by it, so it does not wait for them.
CREATE OR REPLACE FUNCTION reprocess_left(run reprocess_runs) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM images AS i
    WHERE i.captured_at >= run.from_at AND i.captured_at <= run.cursor_captured_at AND i.stored_at <= run.started_at
      AND (i.captured_at, i.image_id) <= (run.cursor_captured_at, run.cursor_image_id)
      AND (run.filter ->> 'line' IS NULL OR i.line = run.filter ->> 'line')
      AND (run.filter ->> 'camera' IS NULL OR i.camera = run.filter ->> 'camera')
      AND NOT EXISTS (
          SELECT FROM classifications AS judged
          WHERE judged.image_id = i.image_id AND judged.captured_at = i.captured_at AND judged.model = run.model AND NOT judged.shadow)
      AND (NOT run.filter ?| ARRAY['class', 'maxConfidence', 'decision'] OR EXISTS (
          SELECT FROM latest_classification AS c
          WHERE c.image_id = i.image_id AND c.captured_at = i.captured_at
            AND (run.filter ->> 'class' IS NULL OR c.class = run.filter ->> 'class')
            AND (run.filter ->> 'maxConfidence' IS NULL OR c.confidence <= (run.filter ->> 'maxConfidence')::real)
            AND (run.filter ->> 'decision' IS NULL OR c.decision = run.filter ->> 'decision')))
$$;

-- Rows of the default partition stay or go by the time at which they were written, and image_times with them.
CREATE OR REPLACE FUNCTION drop_partitions_before(cut timestamptz, dry_run boolean)
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
        DELETE FROM image_times AS t USING images_default AS i
        WHERE i.image_id = t.image_id AND i.captured_at = t.captured_at AND i.stored_at < cut;
        DELETE FROM images_default WHERE stored_at < cut;
        DELETE FROM classifications_default WHERE classified_at < cut;
        DELETE FROM image_times AS t
        WHERE t.captured_at < date_trunc('month', cut, 'UTC')
          AND NOT EXISTS (SELECT FROM images_default AS i WHERE i.image_id = t.image_id AND i.captured_at = t.captured_at);
    END IF;
END $$;
