-- How the answers of the models compare with what people saw.

-- Reviews are few and images are many: a query that names a time finds its reviews here, and then one answer for each by its key.
CREATE INDEX reviews_captured_at ON reviews (captured_at);
CREATE INDEX model_changes_changed_at ON model_changes (changed_at, change_id);

-- The reviewed answer is the one that people were shown when the review was written: the row of the model that was active then or,
-- without one, the newest. A model that was activated later, or classified the image again, does not change what was reviewed.
CREATE VIEW review_outcomes AS
SELECT r.review_id, r.image_id, r.captured_at, (r.captured_at AT TIME ZONE 'UTC')::date AS day, c.line, c.camera, c.model,
       c.class AS answered_class, r.class AS reviewed_class, c.class IS NOT DISTINCT FROM r.class AS correct,
       c.confidence, c.doubt, r.reviewed_by, r.reviewed_at
FROM reviews AS r
CROSS JOIN LATERAL (
    SELECT a.line, a.camera, a.model, a.class, a.confidence, a.doubt
    FROM classifications AS a
    WHERE a.image_id = r.image_id AND a.captured_at = r.captured_at AND NOT a.shadow AND a.classified_at <= r.reviewed_at
    ORDER BY a.model IS NOT DISTINCT FROM (
                 SELECT change.model FROM model_changes AS change
                 WHERE change.changed_at <= r.reviewed_at ORDER BY change.changed_at DESC, change.change_id DESC LIMIT 1) DESC,
             a.classified_at DESC, a.model DESC
    LIMIT 1) AS c
WHERE NOT EXISTS (
    SELECT FROM reviews AS newer
    WHERE newer.image_id = r.image_id AND newer.captured_at = r.captured_at AND newer.review_id > r.review_id);

GRANT SELECT ON review_outcomes TO partsworker_reader, partsworker_reviewer, partsworker_operator;

COMMENT ON VIEW review_outcomes IS 'The newest review of each image beside the answer that it reviewed. Filter on captured_at: reviews are found by it, and one answer for each by its key. Reviewed images are mostly images in doubt, so the share of correct ones is not the accuracy over all parts.';
COMMENT ON COLUMN review_outcomes.review_id IS 'Sequence number of the review.';
COMMENT ON COLUMN review_outcomes.image_id IS 'Identity of the image; together with captured_at the key of images.';
COMMENT ON COLUMN review_outcomes.captured_at IS 'When the camera took the image.';
COMMENT ON COLUMN review_outcomes.day IS 'UTC day of captured_at.';
COMMENT ON COLUMN review_outcomes.line IS 'Production line.';
COMMENT ON COLUMN review_outcomes.camera IS 'Camera on that line.';
COMMENT ON COLUMN review_outcomes.model IS 'Model whose answer was reviewed: the model that was active when the review was written or, if it had not classified the image, the model of the newest row then. Never a shadow row.';
COMMENT ON COLUMN review_outcomes.answered_class IS 'Class by that model; NULL when unknown.';
COMMENT ON COLUMN review_outcomes.reviewed_class IS 'Class by the person; NULL when the image shows none of the known classes.';
COMMENT ON COLUMN review_outcomes.correct IS 'True when both name the same class, or when the model answered unknown and the image shows none of the known classes.';
COMMENT ON COLUMN review_outcomes.confidence IS 'Confidence of that answer, 0 to 1.';
COMMENT ON COLUMN review_outcomes.doubt IS 'Why the image was in doubt; NULL when there was no doubt.';
COMMENT ON COLUMN review_outcomes.reviewed_by IS 'Database user who wrote the review.';
COMMENT ON COLUMN review_outcomes.reviewed_at IS 'When the review was written.';
