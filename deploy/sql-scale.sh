#!/usr/bin/env bash
# How fast are the documented queries, and the writing, when the tables are large?
#   deploy/sql-scale.sh [ROWS] [DATABASE]        default: 10000000 partsworker_scale
# Makes the database new, fills it with ROWS made-up results over twelve months, and prints each query's time and plan, and how many rows
# per second are stored in batches of 32 before and after. Connects as psql does (PGHOST, PGPORT, PGUSER, PGPASSWORD); needs about 1.2 GB per
# million rows and leaves the database for looking around.
set -euo pipefail
rows=${1:-10000000} database=${2:-partsworker_scale}
cd "$(dirname "$0")/.."
export PGOPTIONS="-c client_min_messages=warning -c timezone=UTC"
sql() { psql -X -q -v ON_ERROR_STOP=1 -d "$database" "$@"; }

psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database"
for file in migrations/V*.sql; do sql -1 -f "$file" > /dev/null; done
sql -c "INSERT INTO models (model, name, version, bundle_sha256) SELECT 'parts@' || v, 'parts', v, repeat('0', 64) FROM unnest(ARRAY['1', '2']) AS v" \
    -c "UPDATE serving SET model = 'parts@1'"

# The worker's own statement, with made-up rows: one batch of 32, one commit.
sql <<'SQL'
CREATE PROCEDURE store_batch(first bigint, count int, model text, newest timestamptz, spread interval) LANGUAGE sql AS $$
    WITH made AS (
        SELECT md5(n || '-scale')::uuid AS image_id, newest - spread * (hashint8(n) & 8388607) / 8388608 AS captured_at,
               chr(65 + (n % 3)::int) AS line, 'cam-' || n % 4 AS camera, hashint8(n * 7) & 1023 AS luck, (hashint8(n * 13) & 65535) % 109 AS kind
        FROM generate_series(first, first + count - 1) AS n),
    image AS (
        INSERT INTO images (image_id, captured_at, line, camera, uri, width, height)
        SELECT image_id, captured_at, line, camera, 'file:///srv/cameras/' || image_id || '.jpg', 640, 480 FROM made ORDER BY image_id
        ON CONFLICT (image_id, captured_at) DO NOTHING)
    INSERT INTO classifications AS stored (image_id, captured_at, model, line, camera, lane, shadow, decision, class_id, class, confidence, color, color_confidence,
        shape, shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5, attempts, worker, received_at)
    SELECT image_id, captured_at, model, line, camera, 'live', false, CASE WHEN luck < 10 THEN 'unknown' ELSE 'accepted' END,
           CASE WHEN luck >= 10 THEN kind END, CASE WHEN luck >= 10 THEN 'class ' || kind END, CASE WHEN luck < 60 THEN 0.5 ELSE 0.9 + luck / 11000.0 END,
           'red', 0.9, 'plate', 0.8, 0.7, 'class ' || kind, CASE WHEN luck > 1000 THEN 'class 0' ELSE 'class ' || kind END, 'both',
           jsonb_build_array(jsonb_build_object('class', 'class ' || kind, 'confidence', 0.9, 'similarity', 0.7),
                             jsonb_build_object('class', 'class ' || kind + 1, 'confidence', 0.1, 'similarity', 0.5)), 1, 'worker-1', captured_at
    FROM made ORDER BY image_id
    ON CONFLICT (image_id, captured_at, model) DO UPDATE SET shadow = false WHERE stored.shadow AND NOT excluded.shadow
$$;
SQL

rate() { # label first-number: 1000 batches of this moment's images, each with its own commit
  sql -At <<SQL
DO \$\$
DECLARE started timestamptz := clock_timestamp();
BEGIN
    FOR batch IN 0..999 LOOP
        CALL store_batch($2 + batch * 32, 32, 'parts@1', now(), interval '1 hour');
        COMMIT;
    END LOOP;
    PERFORM set_config('scale.rate', round(32000 / extract(epoch FROM clock_timestamp() - started))::text, false);
END \$\$;
SELECT '$1: ' || current_setting('scale.rate') || ' rows/s in batches of 32';
SQL
}

rate "warming up" 2000000000 > /dev/null
sql -c "TRUNCATE images, classifications"
rate "stored into empty tables" 3000000000

started=$SECONDS
for month in $(seq 0 11); do
  sql -c "SELECT ensure_partitions(date_trunc('month', now()) - interval '$month months')" > /dev/null
done
part=$((rows / 12 + 1))
for month in $(seq 0 11); do
  sql -c "SET synchronous_commit = off" -c "SET work_mem = '256MB'" \
      -c "CALL store_batch($month::bigint * $part, $part, 'parts@1', date_trunc('month', now()) + interval '25 days' - interval '$month months', interval '24 days')"
done
# A tenth of the newest month was judged by a second model too.
sql -c "SET synchronous_commit = off" -c "CALL store_batch(0, $((part / 10)), 'parts@2', date_trunc('month', now()) + interval '25 days', interval '24 days')"
sql -c "VACUUM ANALYZE"
echo "filled in $((SECONDS - started)) s: $(sql -At -c "SELECT count(*) FROM classifications") classifications, $(sql -At -c "SELECT pg_size_pretty(pg_database_size(current_database()))")"
rate "stored into full tables" 4000000000

ask() { # label query: the second of two runs, then the plan
  echo; echo "== $1"; echo "$2"
  sql -At -c "$2" > /dev/null
  sql -At <<SQL | grep '^Time'
\timing on
\o /dev/null
$2;
SQL
  sql -At -c "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $2" | grep -v 'never executed' | sed -n '1,14p'
}
day="(date_trunc('month', now()) + interval '10 days')"
image=$(sql -At -c "SELECT image_id FROM images WHERE captured_at >= $day LIMIT 1")
ask "one image" "SELECT class, color, shape, confidence FROM latest_classification WHERE image_id = '$image'"
ask "the last fifty of a line" "SELECT captured_at, class, confidence FROM latest_classification WHERE line = 'A' ORDER BY captured_at DESC LIMIT 50"
ask "what to look at" "SELECT captured_at, reason, class, confidence, uri FROM needs_review ORDER BY captured_at DESC LIMIT 50"
ask "a day, per line" "SELECT * FROM daily_line_summary WHERE day = $day::date"
ask "a class in a week" "SELECT count(*) FROM latest_classification WHERE class = 'class 42' AND captured_at >= $day AND captured_at < $day + interval '7 days'"
ask "where two models differ" "SELECT count(*) FROM model_disagreement WHERE day = $day::date"
ask "drift of a day" "SELECT line, camera, unknown_share, mean_confidence, class_mix_distance FROM camera_drift WHERE day = $day::date"
ask "what a model has not judged" "SELECT count(*) FROM images AS i WHERE captured_at >= $day AND captured_at < $day + interval '1 day' AND NOT EXISTS (SELECT FROM classifications AS j WHERE j.image_id = i.image_id AND j.captured_at = i.captured_at AND j.model = 'parts@2' AND NOT j.shadow)"
