-- Which bundles exist, and which one speaks. The pointer is one row: activating and rolling back are one UPDATE each.

CREATE TABLE models (
    model         text        PRIMARY KEY CONSTRAINT models_key_is_name_at_version CHECK (model = name || '@' || version),
    name          text        NOT NULL,
    version       text        NOT NULL,
    bundle_sha256 text        NOT NULL CONSTRAINT models_sha256_is_hex CHECK (bundle_sha256 ~ '^[0-9a-f]{64}$'),
    created_at    timestamptz,
    metrics       jsonb       NOT NULL DEFAULT '{}',
    registered_at timestamptz NOT NULL DEFAULT now(),
    registered_by text        NOT NULL DEFAULT session_user
);

CREATE TABLE model_classes (
    model    text    NOT NULL REFERENCES models,
    class_id integer NOT NULL,
    class    text    NOT NULL,
    color    text    NOT NULL,
    shape    text    NOT NULL,
    PRIMARY KEY (model, class_id)
);
CREATE INDEX model_classes_class ON model_classes (class);

CREATE TABLE serving (
    only_row       boolean     PRIMARY KEY DEFAULT true CONSTRAINT serving_has_one_row CHECK (only_row),
    model          text        REFERENCES models,
    previous_model text        REFERENCES models,
    shadow_model   text        REFERENCES models,
    shadow_share   real        NOT NULL DEFAULT 0 CONSTRAINT serving_share CHECK (shadow_share BETWEEN 0 AND 1),
    changed_at     timestamptz NOT NULL DEFAULT now(),
    changed_by     text        NOT NULL DEFAULT session_user
);
INSERT INTO serving DEFAULT VALUES;

CREATE TABLE model_changes (
    change_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model        text,
    replaced     text,
    shadow_model text,
    shadow_share real        NOT NULL,
    changed_at   timestamptz NOT NULL,
    changed_by   text        NOT NULL
);

-- Runs as its owner: whoever may move the pointer leaves a trace and cannot write the history by hand.
CREATE FUNCTION record_model_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF new.model IS DISTINCT FROM old.model THEN
        new.previous_model := old.model;
    END IF;
    IF new.shadow_model IS NULL OR new.shadow_model = new.model THEN
        new.shadow_model := NULL;
        new.shadow_share := 0;
    END IF;
    new.changed_at := now();
    new.changed_by := session_user;
    INSERT INTO model_changes (model, replaced, shadow_model, shadow_share, changed_at, changed_by)
    VALUES (new.model, old.model, new.shadow_model, new.shadow_share, new.changed_at, new.changed_by);
    RETURN new;
END $$;

CREATE TRIGGER serving_is_recorded BEFORE UPDATE ON serving FOR EACH ROW EXECUTE FUNCTION record_model_change();

COMMENT ON TABLE models IS 'Bundles known to this database; a version is immutable.';
COMMENT ON COLUMN models.model IS 'Key, name@version, as in classifications.';
COMMENT ON COLUMN models.name IS 'Name of the bundle.';
COMMENT ON COLUMN models.version IS 'Version of the bundle.';
COMMENT ON COLUMN models.bundle_sha256 IS 'SHA-256 of bundle.json, which itself holds the SHA-256 of every file.';
COMMENT ON COLUMN models.created_at IS 'When the bundle was made, as it says itself.';
COMMENT ON COLUMN models.metrics IS 'The bundle''s own metrics, as measured when it was made.';
COMMENT ON COLUMN models.registered_at IS 'When the bundle was registered here.';
COMMENT ON COLUMN models.registered_by IS 'Database user who registered it.';
COMMENT ON TABLE model_classes IS 'The classes each registered bundle can answer.';
COMMENT ON COLUMN model_classes.model IS 'The bundle.';
COMMENT ON COLUMN model_classes.class_id IS 'Id of the class in that bundle.';
COMMENT ON COLUMN model_classes.class IS 'Name of the class.';
COMMENT ON COLUMN model_classes.color IS 'Color that belongs to the class.';
COMMENT ON COLUMN model_classes.shape IS 'Shape that belongs to the class.';
COMMENT ON TABLE serving IS 'One row: which model answers now and which one runs along. UPDATE serving SET model = ... moves every worker.';
COMMENT ON COLUMN serving.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN serving.model IS 'The active model; NULL until one is activated, and workers then use the bundle they were configured with.';
COMMENT ON COLUMN serving.previous_model IS 'The model that was active before; rolling back is SET model = previous_model.';
COMMENT ON COLUMN serving.shadow_model IS 'A second model that judges along without being shown; NULL when there is none.';
COMMENT ON COLUMN serving.shadow_share IS 'Share of live images the shadow model judges, 0 to 1.';
COMMENT ON COLUMN serving.changed_at IS 'When this row last changed.';
COMMENT ON COLUMN serving.changed_by IS 'Database user who changed it.';
COMMENT ON TABLE model_changes IS 'History of serving, written by its trigger.';
COMMENT ON COLUMN model_changes.change_id IS 'Running number.';
COMMENT ON COLUMN model_changes.model IS 'Active model after the change.';
COMMENT ON COLUMN model_changes.replaced IS 'Active model before the change.';
COMMENT ON COLUMN model_changes.shadow_model IS 'Shadow model after the change.';
COMMENT ON COLUMN model_changes.shadow_share IS 'Share of live images for the shadow model after the change.';
COMMENT ON COLUMN model_changes.changed_at IS 'When.';
COMMENT ON COLUMN model_changes.changed_by IS 'Database user.';
