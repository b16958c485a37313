-- Reviewing in the browser: the one view of doubtful images shows all that a person decides by, and a reviewer can take back a mistake.

CREATE OR REPLACE VIEW needs_review AS
SELECT c.image_id, c.captured_at, c.day, c.line, c.camera, c.doubt AS reason, c.class, c.confidence, c.color, c.shape, c.top1_class, c.filter_class,
       c.max_similarity, c.model, c.top5, c.uri, c.decision, c.color_confidence, c.shape_confidence, c.filter_path
FROM latest_classification AS c
WHERE c.doubt IS NOT NULL
  AND NOT EXISTS (SELECT FROM reviews AS r WHERE r.image_id = c.image_id AND r.captured_at = c.captured_at);

-- Runs as its owner: a reviewer has no right to delete, and gets none beyond this. Only the person's own reviews, and only fresh ones: an
-- older review may have been used for training, and is corrected by a newer one, which then applies.
CREATE FUNCTION withdraw_reviews(ids bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH withdrawn AS (
        DELETE FROM reviews AS r
        WHERE r.review_id = ANY (ids) AND r.reviewed_by = session_user AND r.reviewed_at > now() - interval '1 hour'
        RETURNING r.review_id)
    SELECT count(*) FROM withdrawn
$$;
REVOKE ALL ON FUNCTION withdraw_reviews(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION withdraw_reviews(bigint[]) TO partsworker_reviewer;

COMMENT ON FUNCTION withdraw_reviews(bigint[]) IS 'Deletes reviews that the same login wrote within the last hour; returns their number. The images then need review again.';
DO $$
DECLARE
    added text;
BEGIN
    FOREACH added IN ARRAY ARRAY['decision', 'color_confidence', 'shape_confidence', 'filter_path'] LOOP
        EXECUTE format('COMMENT ON COLUMN needs_review.%I IS %L', added, (
            SELECT col_description(a.attrelid, a.attnum) FROM pg_attribute AS a
            WHERE a.attrelid = 'classifications'::regclass AND a.attname = added));
    END LOOP;
END $$;
