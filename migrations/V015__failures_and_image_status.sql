-- Messages that failed, so that every image that a worker received is in SQL: stored, waiting for its next attempt, or dead with a reason.
-- The broker holds the messages and is the truth; a row follows the message. Writing it again changes nothing but its times.
CREATE TABLE failures (
    failure_id    uuid        PRIMARY KEY,
    image_id      uuid,
    captured_at   timestamptz,
    line          text,
    camera        text,
    uri           text,
    attributes    jsonb,
    lane          text        NOT NULL CONSTRAINT failures_lane CHECK (lane IN ('live', 'reprocess')),
    model         text,
    status        text        NOT NULL CONSTRAINT failures_status CHECK (status IN ('retried', 'dead', 'waiting', 'removed')),
    reason        text        NOT NULL,
    stage         text,
    error         text,
    attempts      integer     NOT NULL,
    worker        text,
    published_at  timestamptz,
    first_seen_at timestamptz,
    failed_at     timestamptz NOT NULL DEFAULT now(),
    retry_at      timestamptz,
    changed_at    timestamptz NOT NULL DEFAULT now()
);

-- The state of one image; what failed lately; and the dead letters, which are few among all failures of a year.
CREATE INDEX failures_image ON failures (image_id, captured_at);
CREATE INDEX failures_captured_at ON failures (captured_at);
CREATE INDEX failures_failed_at ON failures (failed_at);
CREATE INDEX failures_dead ON failures (failed_at) WHERE status = 'dead';

CREATE VIEW dead_letters AS
SELECT f.failure_id, f.image_id, f.captured_at, f.line, f.camera, f.uri, f.attributes, f.lane, f.model, f.reason, f.stage, f.error, f.attempts,
       f.published_at, f.first_seen_at, f.failed_at AS dead_at, f.worker
FROM failures AS f
WHERE f.status = 'dead';

-- An image with a row is stored, whatever happened before. Among several messages of one image, the newest one counts.
CREATE VIEW image_status AS
SELECT i.image_id, i.captured_at, i.line, i.camera, i.uri, i.attributes, i.published_at, 'stored' AS status, NULL::text AS reason,
       NULL::text AS error, NULL::integer AS attempts, NULL::timestamptz AS retry_at, i.stored_at AS since
FROM images AS i
WHERE EXISTS (
    SELECT FROM classifications AS c WHERE c.image_id = i.image_id AND c.captured_at = i.captured_at AND NOT c.shadow)
UNION ALL
SELECT f.image_id, f.captured_at, f.line, f.camera, f.uri, f.attributes, f.published_at, f.status, f.reason, f.error, f.attempts, f.retry_at,
       f.changed_at
FROM failures AS f
WHERE NOT EXISTS (
    SELECT FROM classifications AS c WHERE c.image_id = f.image_id AND c.captured_at = f.captured_at AND NOT c.shadow)
  AND NOT EXISTS (
    SELECT FROM failures AS newer
    WHERE newer.image_id = f.image_id AND newer.captured_at = f.captured_at
      AND (newer.changed_at, newer.failure_id) > (f.changed_at, f.failure_id));

-- What no worker has received yet is known to the broker alone: its queues, as the workers last measured them.
CREATE TABLE queue_depths (
    queue       text        PRIMARY KEY,
    messages    bigint      NOT NULL,
    consumers   bigint      NOT NULL,
    measured_at timestamptz NOT NULL DEFAULT now(),
    worker      text        NOT NULL
);

-- Order numbers and the time of publishing beside the class. Both are read only where a query names them.
CREATE OR REPLACE VIEW latest_classification AS
SELECT c.image_id, c.captured_at, c.day, c.line, c.camera, c.decision, c.class, c.confidence, c.color, c.color_confidence, c.shape, c.shape_confidence,
       c.max_similarity, c.doubt, c.model, c.lane, c.top1_class, c.filter_class, c.filter_path, c.top5, c.attempts, c.worker, c.received_at, c.classified_at,
       (SELECT i.uri FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at) AS uri,
       (SELECT i.attributes FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at) AS attributes,
       (SELECT i.published_at FROM images AS i WHERE i.image_id = c.image_id AND i.captured_at = c.captured_at) AS published_at
FROM classifications AS c
WHERE NOT c.shadow
  AND (c.model = (SELECT s.model FROM serving AS s)
       OR NOT EXISTS (
           SELECT FROM classifications AS better
           WHERE better.image_id = c.image_id AND better.captured_at = c.captured_at AND NOT better.shadow
             AND (better.model = (SELECT s.model FROM serving AS s)
                  OR (better.classified_at, better.model) > (c.classified_at, c.model))));

-- Shifts begin and end by the clock on the wall, so a shift of a night in which that clock changes is an hour longer or shorter.
CREATE FUNCTION shift_summary(from_day date, to_day date, zone text, first_shift time DEFAULT '06:00', shift_hours integer DEFAULT 8)
RETURNS TABLE (
    day date, shift integer, starts_at timestamptz, ends_at timestamptz, line text,
    parts bigint, accepted bigint, unknown bigint, in_doubt bigint, mean_confidence double precision)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT s.local_day, s.number,
           (s.local_day + first_shift + make_interval(hours => (s.number - 1) * shift_hours)) AT TIME ZONE zone,
           (s.local_day + first_shift + least(make_interval(hours => s.number * shift_hours), interval '24 hours')) AT TIME ZONE zone,
           s.line, count(*), count(*) FILTER (WHERE s.decision = 'accepted'), count(*) FILTER (WHERE s.decision = 'unknown'),
           count(*) FILTER (WHERE s.doubt IS NOT NULL), avg(s.confidence)::double precision
    FROM (
        SELECT c.line, c.decision, c.doubt, c.confidence, w.wall::date AS local_day,
               (extract(hour FROM w.wall)::integer / shift_hours) + 1 AS number
        FROM latest_classification AS c
        CROSS JOIN LATERAL (SELECT (c.captured_at AT TIME ZONE zone) - first_shift::interval AS wall) AS w
        WHERE c.captured_at >= (from_day + first_shift) AT TIME ZONE zone
          AND c.captured_at < (to_day + 1 + first_shift) AT TIME ZONE zone) AS s
    GROUP BY s.local_day, s.number, s.line
    ORDER BY s.local_day, s.number, s.line
$$;

-- A dead letter stays as long as the broker holds its message.
CREATE FUNCTION delete_failures_before(cut timestamptz, dry_run boolean) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    deleted bigint;
BEGIN
    IF dry_run THEN
        RETURN (SELECT count(*) FROM failures WHERE failed_at < cut AND status <> 'dead');
    END IF;
    DELETE FROM failures WHERE failed_at < cut AND status <> 'dead';
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;

-- A worker writes rows and reads back only what it compares; an operator does the same when dead letters are replayed or removed.
GRANT INSERT, UPDATE, SELECT (failure_id, model, status, reason, stage, error, attempts, worker, failed_at, retry_at) ON failures
    TO partsworker_writer;
GRANT INSERT, UPDATE, SELECT (queue) ON queue_depths TO partsworker_writer;
GRANT INSERT, UPDATE ON failures TO partsworker_operator;
GRANT SELECT ON failures, dead_letters, image_status, queue_depths TO partsworker_reader, partsworker_reviewer, partsworker_operator;
REVOKE ALL ON FUNCTION delete_failures_before(timestamptz, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_failures_before(timestamptz, boolean) TO partsworker_operator;

COMMENT ON TABLE failures IS 'One row per message that failed at least once, with its newest failure. dead_letters and image_status are the views for queries.';
COMMENT ON COLUMN failures.failure_id IS 'Identity of the message, computed from its lane, message id (or image id) and body: the same message has one row however often it fails.';
COMMENT ON COLUMN failures.image_id IS 'Identity of the image; NULL when the message cannot be read.';
COMMENT ON COLUMN failures.captured_at IS 'When the camera took the image; NULL when the message cannot be read.';
COMMENT ON COLUMN failures.line IS 'Production line, from the message or, if it cannot be read, from its routing key.';
COMMENT ON COLUMN failures.camera IS 'Camera on that line, from the message or its routing key.';
COMMENT ON COLUMN failures.uri IS 'Location of the image; NULL when the message cannot be read.';
COMMENT ON COLUMN failures.attributes IS 'Free attributes and unknown fields of the message.';
COMMENT ON COLUMN failures.lane IS 'live or reprocess: the queue that the message came from.';
COMMENT ON COLUMN failures.model IS 'Model that the message asks for, as name@version; NULL for the active model.';
COMMENT ON COLUMN failures.status IS 'State of the message: retried (waits in a retry queue for its next attempt), dead (among the dead letters), waiting (replayed, waits in its lane), removed (deleted from the dead letters). It is not changed when the image is stored: see image_status.';
COMMENT ON COLUMN failures.reason IS 'Kind of the newest failure, such as missing-image, or the reason of the broker, such as delivery-limit.';
COMMENT ON COLUMN failures.stage IS 'Stage that failed; NULL when the broker dead-lettered the message.';
COMMENT ON COLUMN failures.error IS 'One line of explanation; NULL when the broker dead-lettered the message.';
COMMENT ON COLUMN failures.attempts IS 'Number of attempts by workers.';
COMMENT ON COLUMN failures.worker IS 'Worker that wrote the row; NULL for a row that dead-letters sync added.';
COMMENT ON COLUMN failures.published_at IS 'When the reference was published, if the message says so.';
COMMENT ON COLUMN failures.first_seen_at IS 'When a worker first received the message.';
COMMENT ON COLUMN failures.failed_at IS 'When it last failed.';
COMMENT ON COLUMN failures.retry_at IS 'When the next attempt is due; NULL when none is due.';
COMMENT ON COLUMN failures.changed_at IS 'When status was last written.';
COMMENT ON VIEW dead_letters IS 'Messages in the dead-letter queue, with their reason. Replay and removal change it; partsworker dead-letters sync compares it with the broker.';
COMMENT ON COLUMN dead_letters.dead_at IS 'When the message became a dead letter.';
COMMENT ON VIEW image_status IS 'State of every image that a worker has received: stored, or what happened to its newest message. Images that no worker has received yet are counted in queue_depths. Filter on image_id, captured_at or status.';
COMMENT ON COLUMN image_status.status IS 'stored (an active or former model classified it), retried (waits for its next attempt), dead (among the dead letters), waiting (replayed, waits in its lane), removed (deleted from the dead letters).';
COMMENT ON COLUMN image_status.reason IS 'Kind of the newest failure; NULL when stored.';
COMMENT ON COLUMN image_status.error IS 'One line of explanation; NULL when stored.';
COMMENT ON COLUMN image_status.attempts IS 'Number of attempts by workers; NULL when stored (see classifications).';
COMMENT ON COLUMN image_status.retry_at IS 'When the next attempt is due; NULL when none is due.';
COMMENT ON COLUMN image_status.since IS 'When the image reached this state.';
COMMENT ON TABLE queue_depths IS 'Messages that wait in each queue of the broker, as a worker last measured them (every minute).';
COMMENT ON COLUMN queue_depths.queue IS 'Name of the queue.';
COMMENT ON COLUMN queue_depths.messages IS 'Messages that wait, without those that a worker holds.';
COMMENT ON COLUMN queue_depths.consumers IS 'Consumers of the queue.';
COMMENT ON COLUMN queue_depths.measured_at IS 'When it was measured; an old time means that no worker is connected to the broker.';
COMMENT ON COLUMN queue_depths.worker IS 'Worker that measured it.';
COMMENT ON FUNCTION shift_summary(date, date, text, time, integer) IS 'Per shift and line, from the current rows: days and shifts by the clock of a time zone such as Europe/Berlin. A day begins with its first shift; shift 1 begins at first_shift.';
COMMENT ON FUNCTION delete_failures_before(timestamptz, boolean) IS 'Retention: deletes failures that are older and whose message is no longer a dead letter; returns their number.';
DO $$
DECLARE
    described record;
BEGIN
    FOR described IN
        SELECT v.name AS view_name, a.attname AS column_name, coalesce(
                   (SELECT col_description(s.attrelid, s.attnum) FROM pg_attribute AS s
                    WHERE s.attrelid = 'failures'::regclass AND s.attname = a.attname AND v.name <> 'latest_classification'),
                   (SELECT col_description(s.attrelid, s.attnum) FROM pg_attribute AS s
                    WHERE s.attrelid = 'images'::regclass AND s.attname = a.attname)) AS text
        FROM (VALUES ('dead_letters'), ('image_status'), ('latest_classification')) AS v (name)
        JOIN pg_attribute AS a ON a.attrelid = v.name::regclass AND a.attnum > 0 AND NOT a.attisdropped
        WHERE col_description(a.attrelid, a.attnum) IS NULL
    LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', described.view_name, described.column_name, described.text);
    END LOOP;
END $$;
