-- What people say about an image, and which windows were judged again.

CREATE TABLE reviews (
    review_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    image_id    uuid        NOT NULL,
    captured_at timestamptz NOT NULL,
    class       text,
    note        text,
    reviewed_at timestamptz NOT NULL DEFAULT now(),
    reviewed_by text        NOT NULL DEFAULT session_user
);
CREATE INDEX reviews_image ON reviews (image_id, captured_at);

-- Runs as its owner so that a reviewer needs no right beyond INSERT; captured_at is looked up, so that a person gives only image and class.
CREATE FUNCTION check_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT image.captured_at INTO new.captured_at FROM images AS image
        WHERE image.image_id = new.image_id AND (new.captured_at IS NULL OR image.captured_at = new.captured_at)
        ORDER BY image.captured_at DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'unknown image %: only a published image can be reviewed', new.image_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF new.class IS NOT NULL AND NOT EXISTS (SELECT FROM model_classes AS known WHERE known.class = new.class) THEN
        RAISE EXCEPTION 'unknown class "%": see SELECT DISTINCT class FROM model_classes', new.class
            USING ERRCODE = 'foreign_key_violation', HINT = 'Leave class NULL when the image shows none of the known classes.';
    END IF;
    new.reviewed_at := now();
    new.reviewed_by := session_user;
    RETURN new;
END $$;

CREATE TRIGGER review_is_checked BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION check_review();

CREATE TABLE reprocess_runs (
    run_id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model              text        NOT NULL REFERENCES models,
    from_at            timestamptz NOT NULL,
    to_at              timestamptz NOT NULL,
    filter             jsonb       NOT NULL,
    status             text        NOT NULL DEFAULT 'publishing' CONSTRAINT reprocess_runs_status CHECK (status IN ('publishing', 'published', 'done')),
    selected           bigint      NOT NULL,
    published          bigint      NOT NULL DEFAULT 0,
    judged             bigint      NOT NULL DEFAULT 0,
    cursor_captured_at timestamptz,
    cursor_image_id    uuid,
    started_at         timestamptz NOT NULL DEFAULT now(),
    progress_at        timestamptz NOT NULL DEFAULT now(),
    finished_at        timestamptz,
    started_by         text        NOT NULL DEFAULT session_user,
    CONSTRAINT reprocess_runs_window CHECK (from_at < to_at)
);
CREATE INDEX reprocess_runs_unfinished ON reprocess_runs (model) WHERE status = 'publishing';

COMMENT ON TABLE reviews IS 'What a person saw on an image. INSERT INTO reviews (image_id, class) VALUES (...); the trainer reads them back.';
COMMENT ON COLUMN reviews.review_id IS 'Running number; the highest one of an image counts.';
COMMENT ON COLUMN reviews.image_id IS 'The image, as in images.';
COMMENT ON COLUMN reviews.captured_at IS 'Filled in from images.';
COMMENT ON COLUMN reviews.class IS 'The true class, one of model_classes; NULL when the image shows none of them.';
COMMENT ON COLUMN reviews.note IS 'Anything worth remembering.';
COMMENT ON COLUMN reviews.reviewed_at IS 'When the review was written.';
COMMENT ON COLUMN reviews.reviewed_by IS 'Database user who wrote it.';
COMMENT ON TABLE reprocess_runs IS 'Windows that were judged again with another model: filter, counts and where to resume.';
COMMENT ON COLUMN reprocess_runs.run_id IS 'Running number.';
COMMENT ON COLUMN reprocess_runs.model IS 'The model that judges again.';
COMMENT ON COLUMN reprocess_runs.from_at IS 'First captured_at of the window.';
COMMENT ON COLUMN reprocess_runs.to_at IS 'End of the window, not included.';
COMMENT ON COLUMN reprocess_runs.filter IS 'The other conditions of the selection.';
COMMENT ON COLUMN reprocess_runs.status IS 'publishing; published (every reference is confirmed by the broker); done (every selected image is judged).';
COMMENT ON COLUMN reprocess_runs.selected IS 'Images the selection held at the start.';
COMMENT ON COLUMN reprocess_runs.published IS 'References confirmed by the broker.';
COMMENT ON COLUMN reprocess_runs.judged IS 'Images of the selection that had their row when last looked.';
COMMENT ON COLUMN reprocess_runs.cursor_captured_at IS 'captured_at of the last confirmed reference; a killed run resumes after it.';
COMMENT ON COLUMN reprocess_runs.cursor_image_id IS 'Image of the last confirmed reference.';
COMMENT ON COLUMN reprocess_runs.started_at IS 'When the run began.';
COMMENT ON COLUMN reprocess_runs.progress_at IS 'When counts last moved.';
COMMENT ON COLUMN reprocess_runs.finished_at IS 'When the run was done.';
COMMENT ON COLUMN reprocess_runs.started_by IS 'Database user who began it.';
