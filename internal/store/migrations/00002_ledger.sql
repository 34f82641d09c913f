-- What people decided, with all that is needed to weigh it later, and what runs came to.

-- +goose Up
ALTER TABLE decisions ADD COLUMN action      text   NOT NULL DEFAULT 'decide'; -- or 'withdraw'
ALTER TABLE decisions ADD COLUMN mode        text   NOT NULL DEFAULT 'single'; -- single, batch, spot
ALTER TABLE decisions ADD COLUMN old         text   NOT NULL DEFAULT '';       -- what was read or decided before
ALTER TABLE decisions ADD COLUMN old_reason  text   NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN confidence  double precision NOT NULL DEFAULT 0; -- of old, as the reader gave it
ALTER TABLE decisions ADD COLUMN place       text   NOT NULL DEFAULT '';       -- where the field was on the form
ALTER TABLE decisions ADD COLUMN source      text   NOT NULL DEFAULT '';       -- where the page was
ALTER TABLE decisions ADD COLUMN source_page bigint NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN note        text   NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN supersedes  text   NOT NULL DEFAULT '';       -- ids, separated by spaces
ALTER TABLE decisions ADD COLUMN program     text   NOT NULL DEFAULT '';

CREATE TABLE runs (
    id           text   NOT NULL PRIMARY KEY,
    kind         text   NOT NULL, -- read, export
    reading_hash text   NOT NULL,
    began_ms     bigint NOT NULL,
    ended_ms     bigint NOT NULL,
    run          json   NOT NULL  -- one pipeline.Run
);
CREATE INDEX runs_by_end ON runs (kind, ended_ms);

-- +goose Down
DROP TABLE runs;
ALTER TABLE decisions DROP COLUMN action;
ALTER TABLE decisions DROP COLUMN mode;
ALTER TABLE decisions DROP COLUMN old;
ALTER TABLE decisions DROP COLUMN old_reason;
ALTER TABLE decisions DROP COLUMN confidence;
ALTER TABLE decisions DROP COLUMN place;
ALTER TABLE decisions DROP COLUMN source;
ALTER TABLE decisions DROP COLUMN source_page;
ALTER TABLE decisions DROP COLUMN note;
ALTER TABLE decisions DROP COLUMN supersedes;
ALTER TABLE decisions DROP COLUMN program;
