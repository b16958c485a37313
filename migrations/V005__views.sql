-- The views people ask. Each is written so that a condition on captured_at or day reaches the indexes below it.

-- The current row of an image is the active model's. An image which that model has not judged (it was activated a minute ago) keeps
-- its newest other row: activating a model must not empty everybody's reports. Shadow rows never count.
CREATE VIEW latest_classification AS
SELECT c.image_id, c.captured_at, c.day, c.line, c.camera, c.decision, c.class, c.confidence, c.color, c.color_confidence, c.shape, c.shape_confidence,
       c.max_similarity, c.doubt, c.model, c.lane, c.top1_class, c.filter_class, c.filter_path, c.top5, c.attempts, c.worker, c.received_at, c.classified_at,
       (SELECT i.uri FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at) AS uri
FROM classifications AS c
WHERE NOT c.shadow
  AND (c.model = (SELECT s.model FROM serving AS s)
       OR NOT EXISTS (
           SELECT FROM classifications AS better
           WHERE better.image_id = c.image_id AND better.captured_at = c.captured_at AND NOT better.shadow
             AND (better.model = (SELECT s.model FROM serving AS s)
                  OR (better.classified_at, better.model) > (c.classified_at, c.model))));

CREATE VIEW needs_review AS
SELECT c.image_id, c.captured_at, c.day, c.line, c.camera, c.doubt AS reason, c.class, c.confidence, c.color, c.shape, c.top1_class, c.filter_class,
       c.max_similarity, c.model, c.top5, c.uri
FROM latest_classification AS c
WHERE c.doubt IS NOT NULL
  AND NOT EXISTS (SELECT FROM reviews AS r WHERE r.image_id = c.image_id AND r.captured_at = c.captured_at);

CREATE VIEW daily_line_summary AS
SELECT c.day, c.line,
       count(*) AS parts,
       count(*) FILTER (WHERE c.decision = 'accepted') AS accepted,
       count(*) FILTER (WHERE c.decision = 'unknown') AS unknown,
       count(*) FILTER (WHERE c.doubt IS NOT NULL) AS in_doubt,
       avg(c.confidence) AS mean_confidence,
       count(DISTINCT c.class) AS classes,
       count(DISTINCT c.camera) AS cameras,
       min(c.captured_at) AS first_part,
       max(c.captured_at) AS last_part
FROM latest_classification AS c
GROUP BY c.day, c.line;

CREATE VIEW model_disagreement AS
SELECT a.image_id, a.captured_at, a.day, a.line, a.camera,
       a.model AS model_a, a.class AS class_a, a.confidence AS confidence_a,
       b.model AS model_b, b.class AS class_b, b.confidence AS confidence_b,
       (SELECT i.uri FROM images AS i WHERE i.image_id = a.image_id AND i.captured_at = a.captured_at) AS uri
FROM classifications AS a
JOIN classifications AS b ON b.image_id = a.image_id AND b.captured_at = a.captured_at AND b.day = a.day AND b.model > a.model
WHERE a.class IS DISTINCT FROM b.class;

-- A camera's day against a reference week: the one a person chose in drift_reference, else the seven days before.
-- A chosen week shows slow drift that the rolling one follows without a word.
CREATE TABLE drift_reference (
    line      text NOT NULL,
    camera    text NOT NULL,
    first_day date NOT NULL,
    PRIMARY KEY (line, camera)
);

CREATE VIEW camera_drift AS
SELECT today.day, today.line, today.camera, today.parts, today.unknown_share, today.mean_confidence,
       reference.first_day AS reference_first_day, past.parts AS reference_parts,
       past.unknown_share AS reference_unknown_share, past.mean_confidence AS reference_mean_confidence, mix.distance AS class_mix_distance
FROM (
    SELECT c.day, c.line, c.camera, count(*) AS parts, avg((c.decision = 'unknown')::int) AS unknown_share, avg(c.confidence) AS mean_confidence
    FROM latest_classification AS c
    GROUP BY c.day, c.line, c.camera) AS today
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT chosen.first_day FROM drift_reference AS chosen WHERE chosen.line = today.line AND chosen.camera = today.camera),
                    today.day - 7) AS first_day) AS reference
CROSS JOIN LATERAL (
    SELECT count(*) AS parts, avg((c.decision = 'unknown')::int) AS unknown_share, avg(c.confidence) AS mean_confidence
    FROM latest_classification AS c
    WHERE c.line = today.line AND c.camera = today.camera AND c.day >= reference.first_day AND c.day < reference.first_day + 7) AS past
CROSS JOIN LATERAL (
    SELECT sum(abs(counted.now::float8 / today.parts - counted.past::float8 / nullif(past.parts, 0))) / 2 AS distance
    FROM (
        SELECT c.class, count(*) FILTER (WHERE c.day = today.day) AS now,
               count(*) FILTER (WHERE c.day >= reference.first_day AND c.day < reference.first_day + 7) AS past
        FROM latest_classification AS c
        WHERE c.line = today.line AND c.camera = today.camera
          AND (c.day = today.day OR (c.day >= reference.first_day AND c.day < reference.first_day + 7))
        GROUP BY c.class) AS counted) AS mix;

COMMENT ON VIEW latest_classification IS 'One row per image: what counts now. The active model''s row, or the newest other one where the active model has not judged; never a shadow row.';
COMMENT ON VIEW needs_review IS 'Current rows in doubt that nobody has reviewed yet. Add WHERE and LIMIT; ORDER BY captured_at DESC is fast.';
COMMENT ON VIEW daily_line_summary IS 'Per UTC day and line, from the current rows. Ask with a condition on day.';
COMMENT ON VIEW model_disagreement IS 'Images on which two models (shadow and reprocessed rows included) differ in class. Ask with a condition on captured_at or day.';
COMMENT ON TABLE drift_reference IS 'Optional: a fixed reference week per camera for camera_drift.';
COMMENT ON VIEW camera_drift IS 'Per camera and UTC day: share of unknown, mean confidence and class mix against a reference week. Ask with a condition on day.';

COMMENT ON COLUMN drift_reference.line IS 'Production line.';
COMMENT ON COLUMN drift_reference.camera IS 'Camera on that line.';
COMMENT ON COLUMN drift_reference.first_day IS 'First UTC day of the seven that are the reference.';

COMMENT ON COLUMN latest_classification.uri IS 'Where the image lies.';
COMMENT ON COLUMN needs_review.reason IS 'unknown, low confidence or stages disagree; see classifications.doubt.';
COMMENT ON COLUMN needs_review.uri IS 'Where the image lies.';
COMMENT ON COLUMN daily_line_summary.parts IS 'Images judged.';
COMMENT ON COLUMN daily_line_summary.accepted IS 'Of these, with a class.';
COMMENT ON COLUMN daily_line_summary.unknown IS 'Of these, without a class.';
COMMENT ON COLUMN daily_line_summary.in_doubt IS 'Of these, with a reason to look; see classifications.doubt.';
COMMENT ON COLUMN daily_line_summary.mean_confidence IS 'Mean confidence, unknown ones included.';
COMMENT ON COLUMN daily_line_summary.classes IS 'Different classes seen.';
COMMENT ON COLUMN daily_line_summary.cameras IS 'Different cameras that delivered.';
COMMENT ON COLUMN daily_line_summary.first_part IS 'First captured_at of the day.';
COMMENT ON COLUMN daily_line_summary.last_part IS 'Last captured_at of the day.';
COMMENT ON COLUMN model_disagreement.model_a IS 'One model (the lower key).';
COMMENT ON COLUMN model_disagreement.class_a IS 'Its class; NULL when unknown.';
COMMENT ON COLUMN model_disagreement.confidence_a IS 'Its confidence.';
COMMENT ON COLUMN model_disagreement.model_b IS 'The other model.';
COMMENT ON COLUMN model_disagreement.class_b IS 'Its class; NULL when unknown.';
COMMENT ON COLUMN model_disagreement.confidence_b IS 'Its confidence.';
COMMENT ON COLUMN model_disagreement.uri IS 'Where the image lies.';
COMMENT ON COLUMN camera_drift.parts IS 'Images of that day.';
COMMENT ON COLUMN camera_drift.unknown_share IS 'Share of unknown, 0 to 1.';
COMMENT ON COLUMN camera_drift.mean_confidence IS 'Mean confidence.';
COMMENT ON COLUMN camera_drift.reference_first_day IS 'First day of the reference week.';
COMMENT ON COLUMN camera_drift.reference_parts IS 'Images in the reference week.';
COMMENT ON COLUMN camera_drift.reference_unknown_share IS 'Share of unknown in the reference week; NULL when it is empty.';
COMMENT ON COLUMN camera_drift.reference_mean_confidence IS 'Mean confidence in the reference week; NULL when it is empty.';
COMMENT ON COLUMN camera_drift.class_mix_distance IS 'Total variation distance between the class mixes: 0 = the same, 1 = nothing in common; NULL when the reference week is empty.';

-- A column that a view passes through says what the table's column says.
DO $$
DECLARE
    passed record;
BEGIN
    FOR passed IN
        SELECT view.relname, seen.attname, col_description('classifications'::regclass, source.attnum) AS comment
        FROM pg_class AS view
        JOIN pg_attribute AS seen ON seen.attrelid = view.oid AND seen.attnum > 0
        JOIN pg_attribute AS source ON source.attrelid = 'classifications'::regclass AND source.attname = seen.attname
        WHERE view.relkind = 'v' AND view.relnamespace = 'public'::regnamespace AND col_description(view.oid, seen.attnum) IS NULL
          AND view.relname IN ('latest_classification', 'needs_review', 'daily_line_summary', 'model_disagreement', 'camera_drift')
    LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', passed.relname, passed.attname, passed.comment);
    END LOOP;
END $$;
