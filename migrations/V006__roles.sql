-- Group roles without login; a login user is made a member: GRANT partsworker_writer TO worker_1;
-- Roles belong to the whole server, so an earlier database may have made them, and two databases may be migrated at the same moment.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['partsworker_writer', 'partsworker_reader', 'partsworker_reviewer', 'partsworker_operator'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION 'role % does not exist and % may not create it: run CREATE ROLE % NOLOGIN as an administrator, or grant CREATEROLE', role, current_user, role
                        USING ERRCODE = 'insufficient_privilege';
            END;
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION create_month(text, timestamptz), ensure_partitions(timestamptz), drop_partitions_before(timestamptz, boolean),
    record_model_change(), check_review() FROM PUBLIC;

-- The worker adds rows and looks at the pointer. It reads back only what ON CONFLICT compares, and changes only shadow,
-- when a model that ran along judges for real.
GRANT USAGE ON SCHEMA public TO partsworker_writer, partsworker_reader, partsworker_reviewer, partsworker_operator;
GRANT INSERT, SELECT (image_id, captured_at) ON images TO partsworker_writer;
GRANT INSERT, SELECT (image_id, captured_at, model, shadow), UPDATE (shadow) ON classifications TO partsworker_writer;
GRANT SELECT ON models, serving TO partsworker_writer;
GRANT EXECUTE ON FUNCTION ensure_partitions(timestamptz) TO partsworker_writer;

-- People look at everything and change nothing; a reviewer also writes reviews; an operator also moves models, reprocesses and keeps retention.
GRANT SELECT ON images, classifications, models, model_classes, serving, model_changes, reviews, reprocess_runs, drift_reference,
    latest_classification, needs_review, daily_line_summary, model_disagreement, camera_drift
    TO partsworker_reader, partsworker_reviewer, partsworker_operator;
GRANT INSERT (image_id, captured_at, class, note) ON reviews TO partsworker_reviewer;
GRANT INSERT ON models, model_classes, reprocess_runs TO partsworker_operator;
GRANT UPDATE (status, published, judged, cursor_captured_at, cursor_image_id, progress_at, finished_at) ON reprocess_runs TO partsworker_operator;
GRANT UPDATE (model, shadow_model, shadow_share) ON serving TO partsworker_operator;
GRANT INSERT, UPDATE, DELETE ON drift_reference TO partsworker_operator;
GRANT EXECUTE ON FUNCTION ensure_partitions(timestamptz), drop_partitions_before(timestamptz, boolean) TO partsworker_operator;
