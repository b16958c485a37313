-- What was stored in the last minutes, whatever its capture time. Rows are appended in this order, so a block range index of a few pages
-- finds them, and writers hardly notice it.
CREATE INDEX classifications_classified_at ON classifications USING brin (classified_at) WITH (pages_per_range = 16, autosummarize = on);
