#!/usr/bin/env bash
# sql-scale.sh: measures the documented queries and the write rate on large tables.
#
#   deploy/sql-scale.sh fill [ROWS]   create a database with ROWS synthetic results over twelve months (default 10000000), and an empty one
#   deploy/sql-scale.sh ask [PART]    print the time and the plan of each documented query
#                                     PART: documented, live, quality or operations (default all)
#   deploy/sql-scale.sh store         measure rows per second in batches of 32, alternating between empty and full tables; print the medians
#
# Run `ask` and `store` on an idle machine. Connects as psql does (PGHOST, PGPORT, PGUSER, PGPASSWORD); needs about 1 GB per million rows.
# SCALE_DATABASE names the database (default partsworker_scale; the empty one has the suffix _empty).
# `fill` replaces both databases; nothing drops them afterwards.
# Example: deploy/sql-scale.sh fill 1000000 && deploy/sql-scale.sh ask && deploy/sql-scale.sh store
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
full=${SCALE_DATABASE:-partsworker_scale} empty=${SCALE_DATABASE:-partsworker_scale}_empty
export PGOPTIONS="-c client_min_messages=warning -c timezone=UTC" PGAPPNAME=sql-scale
sql() { local database=$1; shift; psql -X -q -v ON_ERROR_STOP=1 -d "$database" "$@"; }

create() { # database
    psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1"
    local file month
    for file in "$REPO"/migrations/V*.sql; do sql "$1" -1 -f "$file" >/dev/null; done
    sql "$1" <<'SQL'
INSERT INTO models (model, name, version, bundle_sha256)
    SELECT 'parts@' || v, 'parts', v, repeat('0', 64) FROM unnest(ARRAY['1', '2']) AS v;
UPDATE serving SET model = 'parts@1';
SQL
    for month in $(seq 0 11); do
        sql "$1" -c "SELECT ensure_partitions(date_trunc('month', now()) - interval '$month months')" >/dev/null
    done
    create_store_batch "$1"
}

# The worker's own statement with synthetic rows: one batch, one commit. Without stored_after the rows are stored now.
create_store_batch() { # database
    sql "$1" <<'SQL'
CREATE PROCEDURE store_batch(first bigint, count int, model text, newest timestamptz, spread interval, stored_after interval DEFAULT NULL)
    LANGUAGE sql AS $$
    WITH made AS (
        SELECT md5(n || '-scale')::uuid AS image_id, newest - spread * (hashint8(n) & 8388607) / 8388608 AS captured_at,
               chr(65 + (n % 3)::int) AS line, 'cam-' || n % 4 AS camera,
               hashint8(n * 7) & 1023 AS luck, (hashint8(n * 13) & 65535) % 109 AS kind
        FROM generate_series(first, first + count - 1) AS n),
    image AS (
        INSERT INTO images (image_id, captured_at, line, camera, uri, width, height)
        SELECT image_id, captured_at, line, camera, 'file:///srv/cameras/' || image_id || '.jpg', 640, 480 FROM made ORDER BY image_id
        ON CONFLICT (image_id, captured_at) DO NOTHING)
    INSERT INTO classifications AS stored (image_id, captured_at, model, line, camera, lane, shadow, decision,
        class_id, class, confidence, color, color_confidence, shape, shape_confidence, max_similarity,
        top1_class, filter_class, filter_path, top5, attempts, worker, received_at, classified_at)
    SELECT image_id, captured_at, model, line, camera, 'live', false, CASE WHEN luck < 10 THEN 'unknown' ELSE 'accepted' END,
           CASE WHEN luck >= 10 THEN kind END, CASE WHEN luck >= 10 THEN 'class ' || kind END,
           CASE WHEN luck < 60 THEN 0.5 ELSE 0.9 + luck / 11000.0 END,
           'red', 0.9, 'plate', 0.8, 0.7, 'class ' || kind, CASE WHEN luck > 1000 THEN 'class 0' ELSE 'class ' || kind END, 'both',
           jsonb_build_array(jsonb_build_object('class', 'class ' || kind, 'confidence', 0.9, 'similarity', 0.7),
                             jsonb_build_object('class', 'class ' || kind + 1, 'confidence', 0.1, 'similarity', 0.5)),
           1, 'worker-1', captured_at, coalesce(captured_at + stored_after, now())
    FROM made ORDER BY image_id
    ON CONFLICT (image_id, captured_at, model) DO UPDATE SET shadow = false WHERE stored.shadow AND NOT excluded.shadow
$$;
SQL
}

# One review for each hundred images; one in ten finds another class.
review() {
    sql "$full" -c "SET work_mem = '256MB'" \
        -c "INSERT INTO model_classes SELECT 'parts@1', n, 'class ' || n, 'red', 'plate' FROM generate_series(0, 109) AS n" \
        -c "INSERT INTO reviews (image_id, captured_at, class)
            SELECT image_id, captured_at, CASE WHEN hashtext(image_id::text) % 10 = 0 THEN 'class 0' ELSE class END
            FROM classifications WHERE model = 'parts@1' AND hashtext(captured_at::text) % 100 = 0"
}

fill() { # rows
    create "$empty"; create "$full"
    local started=$SECONDS part=$(($1 / 12 + 1)) month newest="date_trunc('month', now()) + interval '25 days'" spread="interval '24 days'"
    for month in $(seq 0 11); do
        sql "$full" -c "SET synchronous_commit = off" -c "SET work_mem = '256MB'" \
            -c "CALL store_batch($month::bigint * $part, $part, 'parts@1', $newest - interval '$month months', $spread, '1 second')"
        say "month $((month + 1)) of 12 after $((SECONDS - started)) s"
    done
    # A second model also classified a tenth of the newest month.
    sql "$full" -c "SET synchronous_commit = off" -c "CALL store_batch(0, $((part / 10)), 'parts@2', $newest, $spread, '2 seconds')"
    # Two minutes of 100 images per second for the page Live.
    sql "$full" -c "CALL store_batch(20000000000, 12000, 'parts@1', now(), interval '2 minutes')"
    review
    sql "$full" -c "VACUUM ANALYZE"
    local elapsed=$((SECONDS - started)) rows size
    rows=$(sql "$full" -At -c "SELECT count(*) FROM classifications")
    size=$(sql "$full" -At -c "SELECT pg_size_pretty(pg_database_size(current_database()))")
    say "filled in $elapsed s: $rows classifications, $size"
}

# Stores 500 batches of images of the last hour, each with its own commit.
rate() { # database first-number
    sql "$1" -At <<SQL
DO \$\$
DECLARE started timestamptz := clock_timestamp();
BEGIN
    FOR batch IN 0..499 LOOP
        CALL store_batch($2 + batch * 32, 32, 'parts@1', now(), interval '1 hour');
        COMMIT;
    END LOOP;
    PERFORM set_config('scale.rate', round(16000 / extract(epoch FROM clock_timestamp() - started))::text, false);
END \$\$;
SELECT current_setting('scale.rate');
SQL
}

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

store() {
    local round number rates_empty=() rates_full=()
    # Unused numbers, so that a second call stores new images too.
    number=$(($(date +%s) * 1000000))
    # After a checkpoint, the first change of each index page writes the whole page to the log. Measure what comes after that.
    sql "$full" -c CHECKPOINT
    for round in 1 2 3; do number=$((number + 100000)); rate "$full" "$number" >/dev/null; done
    for round in 1 2 3 4 5 6 7; do
        sql "$empty" -c "TRUNCATE images, classifications"
        number=$((number + 100000)); rates_empty+=("$(rate "$empty" $number)")
        number=$((number + 100000)); rates_full+=("$(rate "$full" $number)")
        say "round $round: ${rates_empty[-1]} rows/s into empty tables, ${rates_full[-1]} into full ones"
    done
    local e f
    e=$(median "${rates_empty[@]}") f=$(median "${rates_full[@]}")
    say "store: empty=$e rows/s full=$f rows/s full/empty=$(awk "BEGIN { printf \"%.2f\", $f / $e }")"
}

ask_one() { # label query: the time of the second of two runs, then the plan without partitions that were skipped
    say ""; say "== $1"; say "$2"
    sql "$full" -At -c "$2" >/dev/null
    sql "$full" -At <<SQL | grep '^Time'
\timing on
\o /dev/null
$2;
SQL
    local plan
    plan=$(sql "$full" -At -c "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $2" | grep -v 'never executed')
    local names
    names=$(grep -oE '(using|Bitmap Index Scan on) \S+' <<<"$plan" | awk '{ print $NF }' | sort -u | sed -n 1,5p | tr '\n' ' ' || true)
    say "indexes: ${names:-none}"
    sed -n '1,14p' <<<"$plan"
}

ask_documented() {
    local image from_day
    from_day="captured_at >= $day AND captured_at < $day"
    image=$(sql "$full" -At -c "SELECT image_id FROM images WHERE captured_at >= $day LIMIT 1")
    ask_one "one image" "SELECT class, color, shape, confidence FROM latest_classification WHERE image_id = '$image'"
    ask_one "the last fifty of a line" \
        "SELECT captured_at, class, confidence FROM latest_classification WHERE line = 'A' ORDER BY captured_at DESC LIMIT 50"
    ask_one "the last fifty to review" \
        "SELECT captured_at, reason, class, confidence, uri FROM needs_review ORDER BY captured_at DESC LIMIT 50"
    ask_one "totals of a day, per line" "SELECT * FROM daily_line_summary WHERE day = $day::date"
    ask_one "a class in a week" \
        "SELECT count(*) FROM latest_classification WHERE class = 'class 42' AND $from_day + interval '7 days'"
    ask_one "where two models differ, a day" "SELECT count(*) FROM model_disagreement WHERE day = $day::date"
    ask_one "where two models differ, a shift" \
        "SELECT count(*) FROM model_disagreement WHERE $from_day + interval '8 hours'"
    ask_one "drift of a day" \
        "SELECT line, camera, unknown_share, mean_confidence, class_mix_distance FROM camera_drift WHERE day = $day::date"
    ask_one "images of a day that a model has not classified" \
        "SELECT count(*) FROM images AS i WHERE $from_day + interval '1 day' AND NOT EXISTS (
            SELECT FROM classifications AS j
            WHERE j.image_id = i.image_id AND j.captured_at = i.captured_at AND j.model = 'parts@2' AND NOT j.shadow)"
}

# The statements of the board, a function per page, as migrations/README.md documents them.
ask_live() {
    local columns="image_id, captured_at, line, camera, class, confidence, color, shape, doubt"
    local live="NOT shadow AND lane = 'live'" newest
    # The rows were stored by fill: "now" is the time of the newest one.
    newest="'$(sql "$full" -At -c "SELECT max(classified_at) FROM classifications")'::timestamptz"
    ask_one "live: the last two minutes, by minute and camera" \
        "SELECT date_trunc('minute', classified_at, 'UTC') AS minute, line, camera, count(*), count(*) FILTER (WHERE class IS NULL),
            count(*) FILTER (WHERE doubt IS NOT NULL), avg(extract(epoch FROM classified_at - captured_at))
         FROM classifications WHERE classified_at >= $newest - interval '2 minutes' AND $live GROUP BY minute, line, camera"
    ask_one "live: the last image of each camera" \
        "SELECT DISTINCT ON (line, camera) $columns FROM classifications
         WHERE classified_at >= $newest - interval '2 minutes' AND $live ORDER BY line, camera, classified_at DESC"
    ask_one "live: the last images" "SELECT $columns FROM classifications WHERE $live ORDER BY captured_at DESC LIMIT 24"
    ask_one "live: workers" \
        "SELECT DISTINCT worker FROM classifications WHERE classified_at >= $newest - interval '2 minutes' ORDER BY worker"
}

ask_quality() {
    local window="captured_at >= $day - interval '13 days' AND captured_at < $day + interval '1 day'"
    ask_one "quality: a day" \
        "SELECT class, count(*), sum(confidence::float8) FROM latest_classification WHERE day = $day::date
         GROUP BY class ORDER BY count(*) DESC"
    ask_one "quality: a day of one camera" \
        "SELECT class, count(*), sum(confidence::float8) FROM latest_classification
         WHERE day = $day::date AND line = 'A' AND camera = 'cam-1' GROUP BY class ORDER BY count(*) DESC"
    ask_one "quality: accuracy of fourteen days" \
        "SELECT day, count(*), count(*) FILTER (WHERE correct) FROM review_outcomes WHERE $window GROUP BY day ORDER BY day"
    ask_one "quality: confusion of fourteen days" \
        "SELECT answered_class, reviewed_class, count(*) FROM review_outcomes WHERE $window
         GROUP BY answered_class, reviewed_class ORDER BY count(*) DESC LIMIT 5000"
    ask_one "quality: images of a cell" \
        "SELECT image_id, captured_at, line, camera, model, confidence, reviewed_by FROM review_outcomes
         WHERE $window AND answered_class = 'class 42' AND reviewed_class = 'class 0' ORDER BY captured_at DESC, image_id DESC LIMIT 61"
    ask_one "quality: drift of one camera, a day" "SELECT * FROM camera_drift WHERE day = $day::date AND line = 'A' AND camera = 'cam-1'"
    ask_one "quality: cameras of a day" \
        "WITH RECURSIVE seen AS (
            (SELECT line, camera FROM classifications WHERE day = $day::date ORDER BY line, camera LIMIT 1)
            UNION ALL
            SELECT later.* FROM seen AS s CROSS JOIN LATERAL (
                SELECT c.line, c.camera FROM classifications AS c
                WHERE c.day = $day::date AND (c.line, c.camera) > (s.line, s.camera) ORDER BY c.line, c.camera LIMIT 1) AS later)
         SELECT line, camera FROM seen"
}

ask_operations() {
    ask_one "models: rows of the last day, per version" \
        "SELECT model, count(*) FILTER (WHERE NOT shadow), count(*) FILTER (WHERE shadow) FROM classifications
         WHERE classified_at >= now() - interval '1 day' GROUP BY model"
    ask_one "reprocessing: progress of the newest run" \
        "SELECT status, published, judged, not_judged FROM reprocess_progress WHERE run_id = (SELECT max(run_id) FROM reprocess_runs)"
    ask_one "a shift" "SELECT * FROM shift_summary($day::date, $day::date, 'Europe/Berlin')"
    ask_one "status of an image" \
        "SELECT status FROM image_status WHERE image_id = (SELECT image_id FROM images WHERE captured_at >= $day LIMIT 1)"
    ask_one "dead letters" "SELECT * FROM dead_letters ORDER BY dead_at DESC LIMIT 50"
}

parts=(documented live quality operations)
day="(date_trunc('month', now()) + interval '10 days')"

ask() { # part or nothing
    local part
    for part in "${parts[@]}"; do
        if [[ -z $1 || $1 == "$part" ]]; then "ask_$part"; fi
    done
}

case ${1:-} in
    fill)
        rows=${2:-10000000}
        [[ $rows =~ ^[1-9][0-9]{0,11}$ ]] || die "'$rows' is not a number of rows, such as 10000000; see --help" 2
        fill "$rows"
        ;;
    ask)
        [[ -z ${2:-} || " ${parts[*]} " == *" $2 "* ]] || die "'$2' is not one of: ${parts[*]}"
        ask "${2:-}"
        ;;
    store) store ;;
    -h | --help) show_help ;;
    *) show_help >&2; exit 2 ;;
esac
