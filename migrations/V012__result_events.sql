-- A result event repeats what the row holds, also when a redelivered image meets a row that an earlier delivery wrote. The function runs
-- as its owner, so that a worker reads only results whose full key it knows, and still no table.
CREATE FUNCTION stored_results(image_ids uuid[], captured_ats timestamptz[], models text[])
RETURNS TABLE (
    image_id uuid, captured_at timestamptz, model text, line text, camera text, lane text, decision text, class text, confidence real,
    color text, color_confidence real, shape text, shape_confidence real, top5 jsonb, received_at timestamptz, classified_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT c.image_id, c.captured_at, c.model, c.line, c.camera, c.lane, c.decision, c.class, c.confidence,
           c.color, c.color_confidence, c.shape, c.shape_confidence, c.top5, c.received_at, c.classified_at
    FROM unnest(image_ids, captured_ats, models) AS asked (image_id, captured_at, model)
    JOIN classifications AS c ON c.image_id = asked.image_id AND c.captured_at = asked.captured_at AND c.model = asked.model
    WHERE NOT c.shadow
    ORDER BY c.captured_at, c.image_id;
END $$;

COMMENT ON FUNCTION stored_results(uuid[], timestamptz[], text[]) IS 'The classifications with the given keys, without shadow rows, in the order in which the images were taken. Workers publish them as result events.';

REVOKE ALL ON FUNCTION stored_results(uuid[], timestamptz[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stored_results(uuid[], timestamptz[], text[]) TO partsworker_writer;
