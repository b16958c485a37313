-- How long the model took, so that a question about speed needs no metrics server.
ALTER TABLE classifications ADD COLUMN model_ms real CHECK (model_ms >= 0);

COMMENT ON COLUMN classifications.model_ms IS 'Milliseconds of the model per image: the time of its batch divided by the images in it, without decoding and waiting; NULL in rows from before it was recorded.';
