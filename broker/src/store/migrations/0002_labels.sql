-- Labels of pacticipants: words by which teams group them.

CREATE TABLE labels (
    id INTEGER PRIMARY KEY,
    pacticipant_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (pacticipant_id, name)
);

CREATE INDEX labels_by_name ON labels (name, pacticipant_id);
