-- Questions over whole days at ten million rows, and what became of reprocess runs.
-- On a large database the index takes minutes, and writers wait: see the note in README.md on building it ahead.

-- Everything that is asked of a day lies in the index itself, image by image: no row is fetched for it.
CREATE INDEX classifications_day_answers ON classifications (day, line, camera)
    INCLUDE (class, decision, doubt, confidence, model, shadow, image_id, captured_at, classified_at);
DROP INDEX classifications_day;

-- Compiling a plan over the partitions of a year takes longer than running it: seconds, where the answer takes a tenth of one.
-- Only the database's owner may say so for everybody; where that is somebody else, the questions are slower and still answered.
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'jit stays on: let the owner of the database run ALTER DATABASE % SET jit = off', current_database();
END $$;

-- The eight days of each camera are looked up one by one, so that each is one short stretch of that index.
CREATE OR REPLACE VIEW camera_drift AS
SELECT seen.day, seen.line, seen.camera, mix.parts, mix.unknown_share, mix.mean_confidence,
       reference.first_day AS reference_first_day, mix.reference_parts, mix.reference_unknown_share, mix.reference_mean_confidence, mix.class_mix_distance
FROM (SELECT c.day, c.line, c.camera FROM classifications AS c WHERE NOT c.shadow GROUP BY c.day, c.line, c.camera) AS seen
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT chosen.first_day FROM drift_reference AS chosen WHERE chosen.line = seen.line AND chosen.camera = seen.camera),
                    seen.day - 7) AS first_day) AS reference
CROSS JOIN LATERAL (
    SELECT sum(counted.now)::bigint AS parts,
           coalesce(sum(counted.now) FILTER (WHERE counted.class IS NULL), 0) / sum(counted.now) AS unknown_share,
           sum(counted.confidence_now) / sum(counted.now)::float8 AS mean_confidence,
           sum(counted.past)::bigint AS reference_parts,
           coalesce(sum(counted.past) FILTER (WHERE counted.class IS NULL), 0) / nullif(sum(counted.past), 0) AS reference_unknown_share,
           sum(counted.confidence_past) / nullif(sum(counted.past), 0)::float8 AS reference_mean_confidence,
           sum(abs(counted.now / counted.all_now - counted.past / nullif(counted.all_past, 0))) / 2 AS class_mix_distance
    FROM (
        SELECT c.class,
               count(*) FILTER (WHERE wanted.is_today) AS now, sum(count(*) FILTER (WHERE wanted.is_today)) OVER ()::float8 AS all_now,
               count(*) FILTER (WHERE NOT wanted.is_today) AS past, sum(count(*) FILTER (WHERE NOT wanted.is_today)) OVER ()::float8 AS all_past,
               sum(c.confidence::float8) FILTER (WHERE wanted.is_today) AS confidence_now,
               sum(c.confidence::float8) FILTER (WHERE NOT wanted.is_today) AS confidence_past
        FROM (SELECT seen.day AS day, true AS is_today UNION ALL SELECT reference.first_day + back, false FROM generate_series(0, 6) AS back) AS wanted
        JOIN latest_classification AS c ON c.day = wanted.day AND c.line = seen.line AND c.camera = seen.camera
        GROUP BY c.class) AS counted) AS mix;

-- One pass over the images of the window, whichever column the window is given in; joining the table with itself lets a range reach one side only.
CREATE OR REPLACE VIEW model_disagreement AS
SELECT image.image_id, image.captured_at, image.day, image.line, image.camera,
       image.models[a] AS model_a, image.classes[a] AS class_a, image.confidences[a] AS confidence_a,
       image.models[b] AS model_b, image.classes[b] AS class_b, image.confidences[b] AS confidence_b,
       (SELECT i.uri FROM images AS i WHERE i.image_id = image.image_id AND i.captured_at = image.captured_at) AS uri
FROM (
    SELECT c.image_id, c.captured_at, c.day, c.line, c.camera, array_agg(c.model ORDER BY c.model) AS models,
           array_agg(c.class ORDER BY c.model) AS classes, array_agg(c.confidence ORDER BY c.model) AS confidences
    FROM classifications AS c
    GROUP BY c.image_id, c.captured_at, c.day, c.line, c.camera
    HAVING count(*) > 1) AS image
CROSS JOIN LATERAL generate_series(1, cardinality(image.models)) AS a
CROSS JOIN LATERAL generate_series(a + 1, cardinality(image.models)) AS b
WHERE image.classes[a] IS DISTINCT FROM image.classes[b];

-- A run whose last images never get a row (their files are gone) ends too, and says so.
ALTER TABLE reprocess_runs DROP CONSTRAINT reprocess_runs_status;
ALTER TABLE reprocess_runs ADD CONSTRAINT reprocess_runs_status CHECK (status IN ('publishing', 'published', 'done', 'incomplete'));

-- Images of a run that are published and have no row of its model; a shadow row does not count, it is never shown.
CREATE FUNCTION reprocess_left(run reprocess_runs) RETURNS bigint
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM images AS i
    WHERE i.captured_at >= run.from_at AND i.captured_at <= run.cursor_captured_at
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

CREATE VIEW reprocess_progress AS
SELECT r.run_id, r.model, r.from_at, r.to_at, r.filter,
       CASE WHEN r.status = 'published' AND l.not_judged = 0 THEN 'done' ELSE r.status END AS status,
       r.selected, r.published, r.published - l.not_judged AS judged, l.not_judged, r.started_at, r.started_by
FROM reprocess_runs AS r
CROSS JOIN LATERAL (SELECT CASE r.status WHEN 'done' THEN r.published - r.judged ELSE reprocess_left(r) END AS not_judged) AS l;

-- A run that was not waited for is finished by the workers; whoever comes next writes that down.
CREATE FUNCTION close_reprocess_runs() RETURNS bigint
LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH closed AS (
        UPDATE reprocess_runs AS r SET status = 'done', judged = p.judged, progress_at = now(), finished_at = now()
        FROM reprocess_progress AS p WHERE p.run_id = r.run_id AND r.status = 'published' AND p.status = 'done'
        RETURNING r.run_id)
    SELECT count(*) FROM closed
$$;

REVOKE ALL ON FUNCTION close_reprocess_runs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_reprocess_runs() TO partsworker_operator;
GRANT SELECT ON reprocess_progress TO partsworker_reader, partsworker_reviewer, partsworker_operator;

COMMENT ON FUNCTION reprocess_left(reprocess_runs) IS 'Images of a reprocess run that are published and have no row of its model yet.';
COMMENT ON FUNCTION close_reprocess_runs() IS 'Marks published reprocess runs as done when every image has its row; returns how many.';
COMMENT ON COLUMN reprocess_runs.status IS 'publishing; published (every reference is confirmed by the broker); done (every published image is judged; noted by the next command, reprocess_progress says it at once); incomplete (somebody waited, and some images got no row).';
COMMENT ON VIEW reprocess_progress IS 'Reprocess runs as their rows tell at this moment, whoever started them and whether or not somebody waits.';
COMMENT ON COLUMN reprocess_progress.run_id IS 'Running number.';
COMMENT ON COLUMN reprocess_progress.model IS 'The model that judges again.';
COMMENT ON COLUMN reprocess_progress.from_at IS 'First captured_at of the window.';
COMMENT ON COLUMN reprocess_progress.to_at IS 'End of the window, not included.';
COMMENT ON COLUMN reprocess_progress.filter IS 'The other conditions of the selection.';
COMMENT ON COLUMN reprocess_progress.status IS 'publishing; published (every reference is confirmed by the broker); done (every published image is judged); incomplete (somebody waited, and some images got no row).';
COMMENT ON COLUMN reprocess_progress.selected IS 'Images the selection held at the start.';
COMMENT ON COLUMN reprocess_progress.published IS 'References confirmed by the broker.';
COMMENT ON COLUMN reprocess_progress.judged IS 'Of these, images that have their row.';
COMMENT ON COLUMN reprocess_progress.not_judged IS 'Of these, images that have none yet, or never will because the file is gone: see partsworker dead-letters list.';
COMMENT ON COLUMN reprocess_progress.started_at IS 'When the run began.';
COMMENT ON COLUMN reprocess_progress.started_by IS 'Database user who began it.';
