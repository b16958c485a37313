-- A worker that publishes results asks which rows its statement has created, and when.
GRANT SELECT (classified_at) ON classifications TO partsworker_writer;
