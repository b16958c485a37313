-- Rewrites the comments of tables, views, columns and functions. No definition changes.
-- COMMENT blocks neither readers nor writers. The lock keeps workers from attaching a month meanwhile, and classifications comes before images
-- because retention locks them in that order: otherwise the two could deadlock.
SELECT pg_advisory_xact_lock(hashtext('partsworker.partitions'));

COMMENT ON TABLE classifications IS 'One row per image and model: how that model classified the image. Partitioned by month of captured_at. An image can have rows of several models; latest_classification shows the current one. line and camera are repeated from images so that queries need no join.';
COMMENT ON COLUMN classifications.image_id IS 'Identity of the image; together with captured_at the key of images.';
COMMENT ON COLUMN classifications.captured_at IS 'When the camera took the image. Part of the key.';
COMMENT ON COLUMN classifications.model IS 'Model that classified the image, as name@version.';
COMMENT ON COLUMN classifications.line IS 'Production line.';
COMMENT ON COLUMN classifications.camera IS 'Camera on that line.';
COMMENT ON COLUMN classifications.lane IS 'live: classified as it arrived from the camera; reprocess: classified again later.';
COMMENT ON COLUMN classifications.shadow IS 'True when the model ran as the shadow model, for comparison only; such a row is never current.';
COMMENT ON COLUMN classifications.decision IS 'accepted, or unknown when confidence or max_similarity is below the threshold of the bundle.';
COMMENT ON COLUMN classifications.class_id IS 'Id of the class in the bundle; NULL when unknown.';
COMMENT ON COLUMN classifications.class IS 'Name of the class; NULL when unknown.';
COMMENT ON COLUMN classifications.confidence IS 'Calibrated probability of the best class, 0 to 1; also set when the decision is unknown.';
COMMENT ON COLUMN classifications.color IS 'Color predicted by the meta model.';
COMMENT ON COLUMN classifications.color_confidence IS 'Probability of that color, 0 to 1.';
COMMENT ON COLUMN classifications.shape IS 'Shape predicted by the meta model.';
COMMENT ON COLUMN classifications.shape_confidence IS 'Probability of that shape, 0 to 1.';
COMMENT ON COLUMN classifications.max_similarity IS 'Highest cosine similarity to a gallery row, -1 to 1.';
COMMENT ON COLUMN classifications.top1_class IS 'Class of the most similar gallery row, without color and shape.';
COMMENT ON COLUMN classifications.filter_class IS 'Class chosen by the filter rule: the most similar candidate that has the predicted color and shape.';
COMMENT ON COLUMN classifications.filter_path IS 'What the candidates of the filter rule match: both, only the color, only the shape, or top1 (no candidate matches either).';
COMMENT ON COLUMN classifications.top5 IS 'The five best candidates with confidence and similarity, best first.';
COMMENT ON COLUMN classifications.attempts IS 'Number of deliveries until this row was written; 1 = the first delivery.';
COMMENT ON COLUMN classifications.worker IS 'Name of the worker that classified the image.';
COMMENT ON COLUMN classifications.received_at IS 'When the worker received the message.';
COMMENT ON COLUMN classifications.classified_at IS 'When this row was written.';
COMMENT ON COLUMN classifications.day IS 'UTC day of captured_at.';
COMMENT ON COLUMN classifications.doubt IS 'Why a person should review the image: unknown, low confidence (below 0.8), or stages disagree (top1_class and filter_class differ); NULL when there is no doubt.';

COMMENT ON TABLE images IS 'One row per image: its location and its origin. Written together with its first classification, so an image that was never classified has no row. Partitioned by month of captured_at.';
COMMENT ON COLUMN images.image_id IS 'Identity assigned by the publisher; the same in the message, the log and every table.';
COMMENT ON COLUMN images.captured_at IS 'When the camera took the image, from the message, in microseconds. Part of the key.';
COMMENT ON COLUMN images.line IS 'Production line, as published.';
COMMENT ON COLUMN images.camera IS 'Camera on that line, as published.';
COMMENT ON COLUMN images.uri IS 'Location of the image: a file, http, https or s3 URI. PartsWorker never changes or deletes the file.';
COMMENT ON COLUMN images.sha256 IS 'SHA-256 of the file in lower-case hex, if the publisher provided it.';
COMMENT ON COLUMN images.attributes IS 'Custom attributes and unknown fields of the message.';
COMMENT ON COLUMN images.published_at IS 'When the reference was published, if the message contains that time.';

COMMENT ON TABLE models IS 'Models registered in this database. A version never changes.';
COMMENT ON COLUMN models.model IS 'Key, name@version, as in classifications.';
COMMENT ON COLUMN models.bundle_sha256 IS 'SHA-256 of bundle.json, which contains the SHA-256 of every other file.';
COMMENT ON COLUMN models.created_at IS 'When the bundle was created, according to the bundle.';
COMMENT ON COLUMN models.metrics IS 'Metrics recorded in the bundle when it was created.';
COMMENT ON COLUMN models.registered_at IS 'When the model was registered in this database.';
COMMENT ON COLUMN models.registered_by IS 'Database user who registered the model.';
COMMENT ON TABLE model_classes IS 'Classes that each registered model can assign.';
COMMENT ON COLUMN model_classes.model IS 'Model, as name@version.';
COMMENT ON COLUMN model_classes.class_id IS 'Id of the class in the bundle.';
COMMENT ON COLUMN model_classes.color IS 'Color of the class.';
COMMENT ON COLUMN model_classes.shape IS 'Shape of the class.';
COMMENT ON TABLE serving IS 'Exactly one row: the active model and the shadow model. UPDATE serving SET model = ... switches every worker.';
COMMENT ON COLUMN serving.only_row IS 'Always true; limits the table to one row.';
COMMENT ON COLUMN serving.model IS 'Active model. Workers read it before they start to classify, and follow it; while it is NULL they use their configured bundle.';
COMMENT ON COLUMN serving.previous_model IS 'Model that was active before. To roll back, set model = previous_model.';
COMMENT ON COLUMN serving.shadow_model IS 'Model that also classifies a share of the live images, for comparison only; NULL when there is none.';
COMMENT ON COLUMN serving.shadow_share IS 'Share of live images that the shadow model classifies, 0 to 1.';
COMMENT ON TABLE model_changes IS 'History of serving, written by a trigger.';
COMMENT ON COLUMN model_changes.change_id IS 'Sequence number.';
COMMENT ON COLUMN model_changes.changed_at IS 'When the change was made.';
COMMENT ON COLUMN model_changes.changed_by IS 'Database user who made the change.';

COMMENT ON TABLE reviews IS 'Classes assigned by people: INSERT INTO reviews (image_id, class) VALUES (...). The trainer can use them as labels.';
COMMENT ON COLUMN reviews.review_id IS 'Sequence number; the review with the highest number per image applies.';
COMMENT ON COLUMN reviews.image_id IS 'Identity of the reviewed image, as in images.';
COMMENT ON COLUMN reviews.captured_at IS 'Filled in from images by a trigger.';
COMMENT ON COLUMN reviews.class IS 'True class, one of model_classes; NULL when the image shows none of them.';
COMMENT ON COLUMN reviews.note IS 'Free text.';
COMMENT ON TABLE reprocess_runs IS 'Reprocessing runs: time window, filter, counts, and where to resume.';
COMMENT ON COLUMN reprocess_runs.run_id IS 'Sequence number.';
COMMENT ON COLUMN reprocess_runs.model IS 'Model that classifies the images again.';
COMMENT ON COLUMN reprocess_runs.from_at IS 'Start of the window of captured_at.';
COMMENT ON COLUMN reprocess_runs.to_at IS 'End of the window, exclusive.';
COMMENT ON COLUMN reprocess_runs.filter IS 'Other conditions of the selection.';
COMMENT ON COLUMN reprocess_runs.status IS 'publishing; published (the broker confirmed every reference); done (every published image is classified; recorded by the next reprocess command, shown by reprocess_progress at once); incomplete (the command waited, and some images got no row).';
COMMENT ON COLUMN reprocess_runs.selected IS 'Images selected at the start.';
COMMENT ON COLUMN reprocess_runs.judged IS 'Selected images that had a row of this model at the last check.';
COMMENT ON COLUMN reprocess_runs.cursor_captured_at IS 'captured_at of the last confirmed reference; an interrupted run resumes after it.';
COMMENT ON COLUMN reprocess_runs.cursor_image_id IS 'image_id of the last confirmed reference.';
COMMENT ON COLUMN reprocess_runs.started_at IS 'When the run started.';
COMMENT ON COLUMN reprocess_runs.progress_at IS 'When the counts last changed.';
COMMENT ON COLUMN reprocess_runs.finished_at IS 'When the run finished.';
COMMENT ON COLUMN reprocess_runs.started_by IS 'Database user who started the run.';

COMMENT ON TABLE drift_reference IS 'Optional: a fixed reference week per camera, used by camera_drift.';
COMMENT ON COLUMN drift_reference.first_day IS 'First of the seven UTC days of the reference week.';

COMMENT ON VIEW latest_classification IS 'The current classification of each image: the row of the active model or, if that model has not classified the image, the newest row of another one. Shadow rows are excluded.';
COMMENT ON VIEW needs_review IS 'Current classifications that are in doubt and have no review. Add WHERE and LIMIT; ORDER BY captured_at DESC is fast.';
COMMENT ON VIEW daily_line_summary IS 'Totals per UTC day and line, from the current classifications. Filter on day.';
COMMENT ON VIEW model_disagreement IS 'Images that two models classify differently, including shadow and reprocessed rows. Filter on captured_at or day.';
COMMENT ON VIEW camera_drift IS 'Per camera and UTC day: share of unknown, mean confidence and class mix, compared with a reference week. Filter on day.';
COMMENT ON COLUMN latest_classification.uri IS 'Location of the image.';
COMMENT ON COLUMN needs_review.uri IS 'Location of the image.';
COMMENT ON COLUMN model_disagreement.uri IS 'Location of the image.';
COMMENT ON COLUMN daily_line_summary.parts IS 'Images classified.';
COMMENT ON COLUMN daily_line_summary.accepted IS 'Images with the decision accepted.';
COMMENT ON COLUMN daily_line_summary.unknown IS 'Images with the decision unknown.';
COMMENT ON COLUMN daily_line_summary.in_doubt IS 'Images that a person should review; see classifications.doubt.';
COMMENT ON COLUMN daily_line_summary.mean_confidence IS 'Mean confidence, including unknown images.';
COMMENT ON COLUMN daily_line_summary.classes IS 'Number of different classes.';
COMMENT ON COLUMN daily_line_summary.cameras IS 'Number of cameras with at least one image.';
COMMENT ON COLUMN daily_line_summary.first_part IS 'Earliest captured_at of the day.';
COMMENT ON COLUMN daily_line_summary.last_part IS 'Latest captured_at of the day.';
COMMENT ON COLUMN model_disagreement.model_a IS 'First model, by order of the key.';
COMMENT ON COLUMN model_disagreement.class_a IS 'Class by the first model; NULL when unknown.';
COMMENT ON COLUMN model_disagreement.confidence_a IS 'Confidence of the first model.';
COMMENT ON COLUMN model_disagreement.model_b IS 'Second model.';
COMMENT ON COLUMN model_disagreement.class_b IS 'Class by the second model; NULL when unknown.';
COMMENT ON COLUMN model_disagreement.confidence_b IS 'Confidence of the second model.';
COMMENT ON COLUMN camera_drift.parts IS 'Images on that day.';
COMMENT ON COLUMN camera_drift.unknown_share IS 'Share of images with the decision unknown, 0 to 1.';
COMMENT ON COLUMN camera_drift.mean_confidence IS 'Mean confidence on that day.';
COMMENT ON COLUMN camera_drift.reference_unknown_share IS 'Share of unknown in the reference week; NULL when the week has no images.';
COMMENT ON COLUMN camera_drift.reference_mean_confidence IS 'Mean confidence in the reference week; NULL when the week has no images.';
COMMENT ON COLUMN camera_drift.class_mix_distance IS 'Total variation distance between the two class mixes: 0 = identical, 1 = no class in common; NULL when the reference week has no images.';
COMMENT ON VIEW reprocess_progress IS 'Reprocessing runs with counts taken from the rows at this moment, no matter who started them or whether the command still waits.';
COMMENT ON COLUMN reprocess_progress.run_id IS 'Sequence number.';
COMMENT ON COLUMN reprocess_progress.model IS 'Model that classifies the images again.';
COMMENT ON COLUMN reprocess_progress.from_at IS 'Start of the window of captured_at.';
COMMENT ON COLUMN reprocess_progress.to_at IS 'End of the window, exclusive.';
COMMENT ON COLUMN reprocess_progress.filter IS 'Other conditions of the selection.';
COMMENT ON COLUMN reprocess_progress.status IS 'publishing; published (the broker confirmed every reference); done (every published image is classified); incomplete (the command waited, and some images got no row).';
COMMENT ON COLUMN reprocess_progress.selected IS 'Images selected at the start.';
COMMENT ON COLUMN reprocess_progress.judged IS 'Published images that have a row of this model.';
COMMENT ON COLUMN reprocess_progress.not_judged IS 'Published images that have no such row yet. An image whose file is gone never gets one: see partsworker dead-letters list.';
COMMENT ON COLUMN reprocess_progress.started_at IS 'When the run started.';
COMMENT ON COLUMN reprocess_progress.started_by IS 'Database user who started the run.';

COMMENT ON FUNCTION create_month(text, timestamptz) IS 'Creates and attaches one month of images or classifications, and moves its rows out of the default partition.';
COMMENT ON FUNCTION ensure_partitions(timestamptz) IS 'Creates the month of a captured_at, the current month and the next three. Returns false when the time is implausible and the row belongs in the default partition.';
COMMENT ON FUNCTION drop_partitions_before(timestamptz, boolean) IS 'Retention: drops the months that end before the given time, and older rows of the default partitions; refuses to drop today.';
COMMENT ON FUNCTION record_model_change() IS 'Trigger of serving: keeps previous_model, and records every change in model_changes.';
COMMENT ON FUNCTION check_review() IS 'Trigger of reviews: fills in captured_at, and refuses unknown images and unknown classes.';
COMMENT ON FUNCTION reprocess_left(reprocess_runs) IS 'Published images of a reprocessing run that have no row of its model yet.';
COMMENT ON FUNCTION close_reprocess_runs() IS 'Marks published reprocessing runs as done when every image has its row; returns their number.';

-- A column of a view has the comment of the table's column with the same name, and so have the months that exist: they were created as copies.
DO $$
DECLARE
    copied record;
BEGIN
    FOR copied IN
        SELECT target.relname, seen.attname, col_description(source.attrelid, source.attnum) AS comment
        FROM pg_attribute AS source
        JOIN pg_attribute AS seen ON seen.attname = source.attname AND seen.attnum > 0
        JOIN pg_class AS target ON target.oid = seen.attrelid AND target.relnamespace = 'public'::regnamespace
        LEFT JOIN pg_inherits AS month ON month.inhrelid = target.oid
        WHERE source.attrelid IN ('classifications'::regclass, 'images'::regclass) AND source.attnum > 0
          AND (month.inhparent = source.attrelid AND col_description(target.oid, seen.attnum) IS NOT NULL
               OR source.attrelid = 'classifications'::regclass AND target.relkind = 'v'
                  AND target.relname IN ('latest_classification', 'needs_review', 'daily_line_summary', 'model_disagreement', 'camera_drift'))
    LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', copied.relname, copied.attname, copied.comment);
    END LOOP;
END $$;
