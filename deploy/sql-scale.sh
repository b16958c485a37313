#!/usr/bin/env bash
# sql-scale.sh: measures the documented queries and the write rate on large tables.
#
#   deploy/sql-scale.sh fill [ROWS]   create a database with ROWS synthetic results over twelve months (default 10000000), and an empty one
#   deploy/sql-scale.sh ask           print the time and the plan of each documented query
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

# The worker's own statement with synthetic rows: one batch, one commit.
create_store_batch() { # database
    sql "$1" <<'SQL'
CREATE PROCEDURE store_batch(first bigint, count int, model text, newest timestamptz, spread interval) LANGUAGE sql AS $$
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
        top1_class, filter_class, filter_path, top5, attempts, worker, received_at)
    SELECT image_id, captured_at, model, line, camera, 'live', false, CASE WHEN luck < 10 THEN 'unknown' ELSE 'accepted' END,
           CASE WHEN luck >= 10 THEN kind END, CASE WHEN luck >= 10 THEN 'class ' || kind END,
           CASE WHEN luck < 60 THEN 0.5 ELSE 0.9 + luck / 11000.0 END,
           'red', 0.9, 'plate', 0.8, 0.7, 'class ' || kind, CASE WHEN luck > 1000 THEN 'class 0' ELSE 'class ' || kind END, 'both',
           jsonb_build_array(jsonb_build_object('class', 'class ' || kind, 'confidence', 0.9, 'similarity', 0.7),
                             jsonb_build_object('class', 'class ' || kind + 1, 'confidence', 0.1, 'similarity', 0.5)),
           1, 'worker-1', captured_at
    FROM made ORDER BY image_id
    ON CONFLICT (image_id, captured_at, model) DO UPDATE SET shadow = false WHERE stored.shadow AND NOT excluded.shadow
$$;
SQL
}

fill() { # rows
    create "$empty"; create "$full"
    local started=$SECONDS part=$(($1 / 12 + 1)) month newest="date_trunc('month', now()) + interval '25 days'" spread="interval '24 days'"
    for month in $(seq 0 11); do
        sql "$full" -c "SET synchronous_commit = off" -c "SET work_mem = '256MB'" \
            -c "CALL store_batch($month::bigint * $part, $part, 'parts@1', $newest - interval '$month months', $spread)"
        say "month $((month + 1)) of 12 after $((SECONDS - started)) s"
    done
    # A second model also classified a tenth of the newest month.
    sql "$full" -c "SET synchronous_commit = off" -c "CALL store_batch(0, $((part / 10)), 'parts@2', $newest, $spread)"
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
    sql "$full" -At -c "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $2" | grep -v 'never executed' | sed -n '1,14p'
}

ask() {
    local day="(date_trunc('month', now()) + interval '10 days')" image from_day
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

case ${1:-} in
    fill) fill "${2:-10000000}" ;;
    ask) ask ;;
    store) store ;;
    -h | --help) show_help ;;
    *) show_help >&2; exit 2 ;;
esac
