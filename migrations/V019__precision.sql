-- A bundle can have graphs of several precisions; workers choose one by their device.
ALTER TABLE classifications ADD COLUMN model_precision text CHECK (model_precision IN ('fp32', 'fp16', 'int8'));

COMMENT ON COLUMN classifications.model_precision IS 'Precision of the graphs of the model that classified the image: fp32, fp16 or int8; NULL in rows from before it was recorded.';
