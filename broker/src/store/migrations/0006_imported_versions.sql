-- When a version came from another broker, where it is older than here: clean-up counts from then.

CREATE TABLE imported_versions (
    version_id BIGINT PRIMARY KEY REFERENCES versions (id) ON DELETE CASCADE,
    imported_at TEXT NOT NULL
);
