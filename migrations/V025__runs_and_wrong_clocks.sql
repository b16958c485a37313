-- The next command records what the workers did after a command had ended: which runs are done, and how far the others are. A run that was
-- stopped while it published is done when no image of its window is left. A run that holds its lock records its own progress.
CREATE OR REPLACE FUNCTION close_reprocess_runs() RETURNS bigint
LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH counted AS (
        SELECT r.run_id, r.published - reprocess_left(r) AS judged, 0 AS unpublished FROM reprocess_runs AS r WHERE r.status = 'published'
        UNION ALL
        SELECT r.run_id, r.published,
               reprocess_left(CASE WHEN r.published >= (r.filter ->> 'limit')::bigint THEN r ELSE jsonb_populate_record(r, jsonb_build_object(
                   'cursor_captured_at', r.to_at, 'cursor_image_id', '00000000-0000-0000-0000-000000000000')) END)
        FROM reprocess_runs AS r
        WHERE r.status = 'publishing' AND NOT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid::bigint = 1885434484 AND objid::bigint = r.run_id AND objsubid = 2
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))),
    moved AS (
        UPDATE reprocess_runs AS r
        SET status = CASE WHEN c.judged = r.published THEN 'done' ELSE r.status END, judged = c.judged, progress_at = now(),
            finished_at = CASE WHEN c.judged = r.published THEN now() END
        FROM counted AS c
        WHERE c.run_id = r.run_id AND c.unpublished = 0 AND (c.judged = r.published OR c.judged > r.judged)
        RETURNING r.status)
    SELECT count(*) FROM moved WHERE status = 'done'
$$;

COMMENT ON FUNCTION close_reprocess_runs() IS 'Records which images of published reprocessing runs have their row; marks runs without images left as done and returns their number.';
COMMENT ON COLUMN reprocess_runs.status IS 'publishing; published (the broker confirmed every reference); done (every published image is classified; recorded by the next reprocess command, shown by reprocess_progress at once); incomplete (some images got no row in time).';
COMMENT ON COLUMN reprocess_progress.status IS 'publishing; published (the broker confirmed every reference); done (every published image is classified); incomplete (some images got no row in time).';

-- Classifications of the default partition go with their image: a model may have classified it long after it was stored.
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
        SELECT 'classifications_default', count(*) FROM classifications_default AS c
        WHERE c.classified_at < cut OR EXISTS (
            SELECT FROM images_default AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at AND i.stored_at < cut)
    LOOP
        bytes := 0;
        IF estimated_rows > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
    IF NOT dry_run THEN
        DELETE FROM image_times AS t USING images_default AS i
        WHERE i.image_id = t.image_id AND i.captured_at = t.captured_at AND i.stored_at < cut;
        DELETE FROM classifications_default AS c
        WHERE c.classified_at < cut OR EXISTS (
            SELECT FROM images_default AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at AND i.stored_at < cut);
        DELETE FROM images_default WHERE stored_at < cut;
        DELETE FROM image_times AS t
        WHERE t.captured_at < date_trunc('month', cut, 'UTC')
          AND NOT EXISTS (SELECT FROM images_default AS i WHERE i.image_id = t.image_id AND i.captured_at = t.captured_at);
    END IF;
END $$;
