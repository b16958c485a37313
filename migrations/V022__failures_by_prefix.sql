-- Several installations, each with its own Rabbit:Prefix, can share a database. dead-letters sync compares the rows of one prefix with the
-- queue of that prefix. Rows from before this column belong to whichever installation writes them next.
ALTER TABLE failures ADD COLUMN prefix text;

CREATE OR REPLACE VIEW dead_letters AS
SELECT f.failure_id, f.image_id, f.captured_at, f.line, f.camera, f.uri, f.attributes, f.lane, f.model, f.reason, f.stage, f.error, f.attempts,
       f.published_at, f.first_seen_at, f.failed_at AS dead_at, f.worker, f.prefix
FROM failures AS f
WHERE f.status = 'dead';

GRANT SELECT (prefix) ON failures TO partsworker_writer;

COMMENT ON COLUMN failures.prefix IS 'Rabbit:Prefix of the queues that hold the message; NULL in rows from before it was recorded.';
COMMENT ON COLUMN dead_letters.prefix IS 'Rabbit:Prefix of the queues that hold the message; NULL in rows from before it was recorded.';
