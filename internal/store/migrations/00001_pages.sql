-- Runs unchanged on SQLite and PostgreSQL. Times are milliseconds since 1970, written by
-- the program; never cast a column to json (NULL on SQLite).

-- +goose Up
CREATE TABLE page_results (
    page_hash    text   NOT NULL, -- sha256 of what is stored for the page
    reading_hash text   NOT NULL, -- geometry, form and reading version
    result       json   NOT NULL, -- one pipeline.PageResult
    written_ms   bigint NOT NULL,
    PRIMARY KEY (page_hash, reading_hash)
);

CREATE TABLE sources (
    source_hash  text   NOT NULL, -- sha256 of the file
    reading_hash text   NOT NULL,
    path         text   NOT NULL, -- where it was last seen below scans/
    page_hashes  json   NOT NULL, -- a list, in the order of the pages
    problem      text   NOT NULL, -- why it could not be opened, or ''
    seen_ms      bigint NOT NULL,
    PRIMARY KEY (source_hash, reading_hash)
);

CREATE TABLE attempts (
    page_hash    text   NOT NULL,
    reading_hash text   NOT NULL,
    attempts     bigint NOT NULL,
    started_ms   bigint NOT NULL,
    PRIMARY KEY (page_hash, reading_hash)
);

-- What is known of a form (one document a form hash).
CREATE TABLE forms (
    form_hash text NOT NULL PRIMARY KEY,
    facts     json NOT NULL
);

-- What people decided, in order; rows are added and never changed.
CREATE TABLE decisions (
    id         text   NOT NULL PRIMARY KEY,
    page_hash  text   NOT NULL,
    field      text   NOT NULL,
    value      text   NOT NULL,
    who        text   NOT NULL,
    decided_ms bigint NOT NULL
);
CREATE INDEX decisions_by_page ON decisions (page_hash, field, decided_ms);

-- +goose Down
DROP TABLE decisions;
DROP TABLE forms;
DROP TABLE attempts;
DROP TABLE sources;
DROP TABLE page_results;
