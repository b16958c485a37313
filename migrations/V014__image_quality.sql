-- Exposure and sharpness, measured at decoding. An image that is too bad to be classified with confidence is never accepted.
ALTER TABLE images
    ADD COLUMN brightest smallint,
    ADD COLUMN darkest   smallint,
    ADD COLUMN sharpness smallint,
    ADD COLUMN fault     text;

CREATE OR REPLACE VIEW needs_review AS
SELECT c.image_id, c.captured_at, c.day, c.line, c.camera,
       CASE WHEN c.decision = 'unknown' AND EXISTS (
                SELECT FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at AND i.fault IS NOT NULL)
            THEN 'bad picture' ELSE c.doubt END AS reason,
       c.class, c.confidence, c.color, c.shape, c.top1_class, c.filter_class,
       c.max_similarity, c.model, c.top5, c.uri, c.decision, c.color_confidence, c.shape_confidence, c.filter_path,
       (SELECT i.fault FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at) AS fault
FROM latest_classification AS c
WHERE c.doubt IS NOT NULL
  AND NOT EXISTS (SELECT FROM reviews AS r WHERE r.image_id = c.image_id AND r.captured_at = c.captured_at);

COMMENT ON COLUMN images.brightest IS 'Gray level that 0.5 % of the pixels exceed, 0 to 255: low when nearly black. Measured by the first model; NULL in rows from before it was measured.';
COMMENT ON COLUMN images.darkest IS 'Gray level that 99.5 % of the pixels exceed, 0 to 255: high when nearly white.';
COMMENT ON COLUMN images.sharpness IS 'Second difference of gray that 1 % of the pixels exceed, 0 to 1020, at the input size of the model: low when blurred.';
COMMENT ON COLUMN images.fault IS 'Why the image is too bad to be accepted: nearly black, nearly white, one color or blurred; NULL for a good image.';
COMMENT ON COLUMN needs_review.reason IS 'bad picture (see fault), unknown, low confidence or stages disagree; see classifications.doubt.';
COMMENT ON COLUMN needs_review.fault IS 'Why the image is too bad to be accepted: nearly black, nearly white, one color or blurred; NULL for a good image.';
