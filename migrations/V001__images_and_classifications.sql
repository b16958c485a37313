-- What was photographed and what each model said about it.
-- Both tables are partitioned by month of captured_at, so that a year is forgotten by dropping tables, not by deleting rows.
-- captured_at is part of every key because it comes with the message: a redelivery carries the same value and meets its own row.
-- There is no foreign key between the two: the worker writes both rows in one statement, and dropping a month stays one command.

CREATE TABLE images (
    image_id     uuid        NOT NULL,
    captured_at  timestamptz NOT NULL,
    line         text        NOT NULL,
    camera       text        NOT NULL,
    uri          text        NOT NULL,
    sha256       text        CONSTRAINT images_sha256_is_hex CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    attributes   jsonb,
    width        integer     NOT NULL,
    height       integer     NOT NULL,
    published_at timestamptz,
    stored_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (image_id, captured_at)
) PARTITION BY RANGE (captured_at);

-- Reprocessing walks a window in this order.
CREATE INDEX images_captured_at ON images (captured_at, image_id);

CREATE TABLE classifications (
    image_id         uuid        NOT NULL,
    captured_at      timestamptz NOT NULL,
    model            text        NOT NULL,
    line             text        NOT NULL,
    camera           text        NOT NULL,
    lane             text        NOT NULL CONSTRAINT classifications_lane CHECK (lane IN ('live', 'reprocess')),
    shadow           boolean     NOT NULL,
    decision         text        NOT NULL CONSTRAINT classifications_decision CHECK (decision IN ('accepted', 'unknown')),
    class_id         integer,
    class            text,
    confidence       real        NOT NULL,
    color            text        NOT NULL,
    color_confidence real        NOT NULL,
    shape            text        NOT NULL,
    shape_confidence real        NOT NULL,
    max_similarity   real        NOT NULL,
    top1_class       text        NOT NULL,
    filter_class     text        NOT NULL,
    filter_path      text        NOT NULL,
    top5             jsonb       NOT NULL,
    attempts         integer     NOT NULL,
    worker           text        NOT NULL,
    received_at      timestamptz NOT NULL,
    classified_at    timestamptz NOT NULL DEFAULT now(),
    day              date        GENERATED ALWAYS AS ((captured_at AT TIME ZONE 'UTC')::date) STORED,
    doubt            text        GENERATED ALWAYS AS (
        CASE WHEN decision = 'unknown' THEN 'unknown'
             WHEN confidence < 0.8 THEN 'low confidence'
             WHEN top1_class <> filter_class THEN 'stages disagree' END) STORED,
    PRIMARY KEY (image_id, captured_at, model),
    CONSTRAINT classifications_unknown_has_no_class CHECK ((decision = 'unknown') = (class_id IS NULL) AND (class_id IS NULL) = (class IS NULL))
) PARTITION BY RANGE (captured_at);

-- One index for each way people ask: a time window, a camera's day, a class, and what is in doubt.
CREATE INDEX classifications_captured_at ON classifications (captured_at);
CREATE INDEX classifications_day ON classifications (day, line, camera);
CREATE INDEX classifications_class ON classifications (class, captured_at);
CREATE INDEX classifications_doubt ON classifications (captured_at) WHERE doubt IS NOT NULL AND NOT shadow;

COMMENT ON TABLE images IS 'One row per published image: where it is and where it comes from. Partitioned by month of captured_at.';
COMMENT ON COLUMN images.image_id IS 'Identity given by the publisher; the same in message, log and row.';
COMMENT ON COLUMN images.captured_at IS 'When the camera took the image (from the message, microseconds). Part of the key.';
COMMENT ON COLUMN images.line IS 'Production line, as published.';
COMMENT ON COLUMN images.camera IS 'Camera on that line, as published.';
COMMENT ON COLUMN images.uri IS 'Where the image lies: file, https or s3 reference. The file itself belongs to the cameras.';
COMMENT ON COLUMN images.sha256 IS 'SHA-256 of the file in lower-case hex, where the publisher gave it.';
COMMENT ON COLUMN images.attributes IS 'Free attributes and unknown fields of the message.';
COMMENT ON COLUMN images.width IS 'Width in pixels after EXIF orientation.';
COMMENT ON COLUMN images.height IS 'Height in pixels after EXIF orientation.';
COMMENT ON COLUMN images.published_at IS 'When the reference was published, where the message says so.';
COMMENT ON COLUMN images.stored_at IS 'When this row was written.';

COMMENT ON TABLE classifications IS 'One row per image and model: what that model said. Partitioned by month of captured_at. Rows of several models stand side by side; latest_classification picks the current one.';
COMMENT ON COLUMN classifications.image_id IS 'The image; with captured_at the key of images.';
COMMENT ON COLUMN classifications.captured_at IS 'When the camera took the image. Part of the key.';
COMMENT ON COLUMN classifications.model IS 'The bundle that judged, as name@version.';
COMMENT ON COLUMN classifications.line IS 'Production line, repeated here so that questions about lines need no join.';
COMMENT ON COLUMN classifications.camera IS 'Camera on that line.';
COMMENT ON COLUMN classifications.lane IS 'live: judged as it came from the camera; reprocess: judged again later.';
COMMENT ON COLUMN classifications.shadow IS 'True when the model only ran along for comparison; such a row is never shown as current.';
COMMENT ON COLUMN classifications.decision IS 'accepted, or unknown when confidence or similarity is under the bundle''s threshold.';
COMMENT ON COLUMN classifications.class_id IS 'Id of the class in the bundle; NULL when unknown.';
COMMENT ON COLUMN classifications.class IS 'Name of the class; NULL when unknown.';
COMMENT ON COLUMN classifications.confidence IS 'Calibrated probability of the answer, 0 to 1; also kept when the decision is unknown.';
COMMENT ON COLUMN classifications.color IS 'Color according to stage two.';
COMMENT ON COLUMN classifications.color_confidence IS 'Probability of that color, 0 to 1.';
COMMENT ON COLUMN classifications.shape IS 'Shape according to stage two.';
COMMENT ON COLUMN classifications.shape_confidence IS 'Probability of that shape, 0 to 1.';
COMMENT ON COLUMN classifications.max_similarity IS 'Highest cosine similarity to the gallery, -1 to 1.';
COMMENT ON COLUMN classifications.top1_class IS 'Class of the best stage-one hit alone.';
COMMENT ON COLUMN classifications.filter_class IS 'Answer of the filter rule: the best hit among those with the color and shape of stage two.';
COMMENT ON COLUMN classifications.filter_path IS 'What the filter had to give up: both (nothing), color (only color matched), shape, or top1 (neither).';
COMMENT ON COLUMN classifications.top5 IS 'The five best candidates with confidence and similarity, best first.';
COMMENT ON COLUMN classifications.attempts IS 'Deliveries this answer needed; 1 = the first one.';
COMMENT ON COLUMN classifications.worker IS 'Name of the worker that judged.';
COMMENT ON COLUMN classifications.received_at IS 'When the worker received the message.';
COMMENT ON COLUMN classifications.classified_at IS 'When this row was written.';
COMMENT ON COLUMN classifications.day IS 'UTC day of captured_at.';
COMMENT ON COLUMN classifications.doubt IS 'Why a person should look: unknown, low confidence (under 0.8), stages disagree (best hit and filter rule name different classes); NULL when there is no doubt.';
