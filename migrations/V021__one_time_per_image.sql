-- One row per image, also when its file was touched, copied or restored and published again: the same image then comes with another
-- capture time, and captured_at is part of every key. This table is not partitioned, so it can hold each image_id only once. The worker
-- asks it in the statement that stores, and the first capture time stays.
CREATE TABLE image_times (
    image_id    uuid        PRIMARY KEY,
    captured_at timestamptz NOT NULL
);

INSERT INTO image_times (image_id, captured_at) SELECT image_id, min(captured_at) FROM images GROUP BY image_id;

-- The rows of an image that was published again are those of its first capture time.
CREATE OR REPLACE FUNCTION stored_results(image_ids uuid[], captured_ats timestamptz[], models text[])
RETURNS TABLE (
    image_id uuid, captured_at timestamptz, model text, line text, camera text, lane text, decision text, class text, confidence real,
    color text, color_confidence real, shape text, shape_confidence real, top5 jsonb, received_at timestamptz, classified_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT c.image_id, c.captured_at, c.model, c.line, c.camera, c.lane, c.decision, c.class, c.confidence,
           c.color, c.color_confidence, c.shape, c.shape_confidence, c.top5, c.received_at, c.classified_at
    FROM unnest(image_ids, captured_ats, models) AS asked (image_id, captured_at, model)
    CROSS JOIN LATERAL (
        SELECT asked.captured_at UNION SELECT t.captured_at FROM image_times AS t WHERE t.image_id = asked.image_id) AS known (captured_at)
    JOIN classifications AS c ON c.image_id = asked.image_id AND c.captured_at = known.captured_at AND c.model = asked.model
    WHERE NOT c.shadow
    ORDER BY c.captured_at, c.image_id;
END $$;

CREATE OR REPLACE VIEW image_status AS
SELECT i.image_id, i.captured_at, i.line, i.camera, i.uri, i.attributes, i.published_at, 'stored' AS status, NULL::text AS reason,
       NULL::text AS error, NULL::integer AS attempts, NULL::timestamptz AS retry_at, i.stored_at AS since
FROM images AS i
WHERE EXISTS (
    SELECT FROM classifications AS c WHERE c.image_id = i.image_id AND c.captured_at = i.captured_at AND NOT c.shadow)
UNION ALL
SELECT f.image_id, f.captured_at, f.line, f.camera, f.uri, f.attributes, f.published_at, f.status, f.reason, f.error, f.attempts, f.retry_at,
       f.changed_at
FROM failures AS f
WHERE NOT EXISTS (
    SELECT FROM classifications AS c WHERE c.image_id = f.image_id AND c.captured_at = f.captured_at AND NOT c.shadow)
  AND NOT EXISTS (
    SELECT FROM image_times AS t JOIN classifications AS c ON c.image_id = t.image_id AND c.captured_at = t.captured_at AND NOT c.shadow
    WHERE t.image_id = f.image_id)
  AND NOT EXISTS (
    SELECT FROM failures AS newer
    WHERE newer.image_id = f.image_id AND newer.captured_at = f.captured_at
      AND (newer.changed_at, newer.failure_id) > (f.changed_at, f.failure_id));

-- Retention forgets an image with its month.
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
        DELETE FROM images_default WHERE stored_at < cut;
        DELETE FROM classifications_default WHERE classified_at < cut;
        DELETE FROM image_times WHERE captured_at < date_trunc('month', cut, 'UTC');
    END IF;
END $$;

-- The update writes the value that is there: it returns the row and locks it against a second worker with the same image.
GRANT INSERT, SELECT, UPDATE (captured_at) ON image_times TO partsworker_writer;
GRANT SELECT ON image_times TO partsworker_reader, partsworker_reviewer, partsworker_operator;

COMMENT ON TABLE image_times IS 'The capture time of each image. An image that is published again with another time keeps the first one, so it stays one row.';
COMMENT ON COLUMN image_times.image_id IS 'Identity of the image.';
COMMENT ON COLUMN image_times.captured_at IS 'Capture time with which it was stored first; together with image_id the key of images.';
