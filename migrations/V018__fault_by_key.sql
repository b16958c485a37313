-- The reason of an image looks up its row of images by key. EXISTS was planned as a hash of all images with a fault:
-- the first page of needs_review read the whole table (1.1 s at 10 million rows).
CREATE OR REPLACE VIEW needs_review AS
SELECT c.image_id, c.captured_at, c.day, c.line, c.camera,
       CASE WHEN c.decision = 'unknown'
                 AND (SELECT i.fault FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at) IS NOT NULL
            THEN 'bad picture' ELSE c.doubt END AS reason,
       c.class, c.confidence, c.color, c.shape, c.top1_class, c.filter_class,
       c.max_similarity, c.model, c.top5, c.uri, c.decision, c.color_confidence, c.shape_confidence, c.filter_path,
       (SELECT i.fault FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at) AS fault
FROM latest_classification AS c
WHERE c.doubt IS NOT NULL
  AND NOT EXISTS (SELECT FROM reviews AS r WHERE r.image_id = c.image_id AND r.captured_at = c.captured_at);
