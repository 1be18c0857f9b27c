-- Who may do what, and who did what.

-- A token is known by the first part of it; of the second, only the hash is kept. A token that was revoked stays in the
-- list, so that the audit log can still be read.
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    -- A JSON array of texts such as "publish:Web".
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
);

-- Every change: who asked for it, what was asked, and when.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    -- What the path does not tell.
    about TEXT
);

-- When the next clean-up is due: one row, which the process that does it moves on.
CREATE TABLE clean_up (
    id INTEGER PRIMARY KEY,
    due_at TEXT NOT NULL
);
