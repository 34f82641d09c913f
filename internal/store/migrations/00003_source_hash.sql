-- A page whose image is not the only one of its kind is known by its file, whatever its name.

-- +goose Up
ALTER TABLE decisions ADD COLUMN source_hash text NOT NULL DEFAULT ''; -- sha256 of the file

-- +goose Down
ALTER TABLE decisions DROP COLUMN source_hash;
