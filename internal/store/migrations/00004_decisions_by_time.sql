-- Each decision is later than all before it; the latest one is asked for.

-- +goose Up
CREATE INDEX decisions_by_time ON decisions (decided_ms);

-- +goose Down
DROP INDEX decisions_by_time;
