-- Images of cameras whose clock was wrong. They are stored like any other, so no part is lost, and this view names them.

CREATE VIEW doubtful_times AS
SELECT i.image_id, i.captured_at, i.line, i.camera, i.stored_at, i.uri,
       CASE WHEN i.captured_at < i.stored_at THEN 'before 2000' ELSE 'in the future' END AS problem
FROM images AS i
WHERE i.captured_at < '2000-01-01T00:00:00Z' OR i.captured_at > i.stored_at + interval '1 day';

GRANT SELECT ON doubtful_times TO partsworker_reader, partsworker_reviewer, partsworker_operator;

COMMENT ON VIEW doubtful_times IS 'Images whose captured_at cannot be right, because the clock of the camera was wrong. Filter on captured_at or line to limit what is read.';
COMMENT ON COLUMN doubtful_times.image_id IS 'Identity of the image; together with captured_at the key of images.';
COMMENT ON COLUMN doubtful_times.captured_at IS 'Capture time as the publisher gave it.';
COMMENT ON COLUMN doubtful_times.line IS 'Production line.';
COMMENT ON COLUMN doubtful_times.camera IS 'Camera on that line; its clock needs to be set.';
COMMENT ON COLUMN doubtful_times.stored_at IS 'When the row was written: the best time there is for the image.';
COMMENT ON COLUMN doubtful_times.uri IS 'Reference of the image.';
COMMENT ON COLUMN doubtful_times.problem IS 'before 2000, or in the future (more than a day after it was stored).';
