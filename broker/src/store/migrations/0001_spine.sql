-- The spine: who published what, who verified it, and where it runs. Times are RFC 3339 texts in UTC, of equal width,
-- so that they sort as they are; an `updated_at` is NULL until the first change; booleans are 0 and 1.

CREATE TABLE pacticipants (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT,
    repository_url TEXT,
    repository_name TEXT,
    repository_namespace TEXT,
    main_branch TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT
);

-- The id of a version is its place in the order of versions: what was seen first is older. It stands in the URLs of pacts
-- that are to be verified, and is never given again.
CREATE TABLE versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pacticipant_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    number TEXT NOT NULL,
    build_url TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT,
    UNIQUE (pacticipant_id, number)
);

CREATE INDEX versions_by_age ON versions (pacticipant_id, id);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    pacticipant_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT,
    UNIQUE (version_id, name)
);

CREATE INDEX tags_by_name ON tags (pacticipant_id, name, version_id);

-- The latest version with each tag: what `latest` means for a tag.
CREATE TABLE tag_heads (
    pacticipant_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    PRIMARY KEY (pacticipant_id, name)
);

CREATE INDEX tag_heads_by_version ON tag_heads (version_id);

CREATE TABLE branches (
    id INTEGER PRIMARY KEY,
    pacticipant_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The version that joined last: what `latest` means for a branch.
    head_version_id BIGINT REFERENCES versions (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT,
    UNIQUE (pacticipant_id, name)
);

CREATE INDEX branches_by_name ON branches (name);
CREATE INDEX branches_by_head ON branches (head_version_id);

CREATE TABLE branch_versions (
    branch_id BIGINT NOT NULL REFERENCES branches (id) ON DELETE CASCADE,
    version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    auto_created BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT,
    PRIMARY KEY (branch_id, version_id)
);

CREATE INDEX branch_versions_by_version ON branch_versions (version_id);

CREATE TABLE integrations (
    id INTEGER PRIMARY KEY,
    consumer_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    provider_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    contract_data_updated_at TEXT NOT NULL,
    UNIQUE (consumer_id, provider_id)
);

CREATE INDEX integrations_by_provider ON integrations (provider_id);

-- A pact's content, known by its hash.
CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    consumer_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    provider_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (consumer_id, provider_id, hash)
);

-- The fact that a consumer version published a content. Publishing again adds a revision; one of them is current.
CREATE TABLE publications (
    id INTEGER PRIMARY KEY,
    consumer_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    provider_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    consumer_version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    content_id BIGINT NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    is_current BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (consumer_version_id, provider_id, revision)
);

CREATE UNIQUE INDEX publications_current
    ON publications (consumer_id, provider_id, consumer_version_id) WHERE is_current = 1;
CREATE INDEX publications_by_version ON publications (consumer_version_id, provider_id) WHERE is_current = 1;
CREATE INDEX publications_by_content ON publications (content_id, consumer_version_id);
CREATE INDEX publications_by_provider ON publications (provider_id, consumer_version_id) WHERE is_current = 1;

-- The id is the number by which a result is known outside: it is never given again.
CREATE TABLE results (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    content_id BIGINT NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    provider_version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    success BIGINT NOT NULL,
    wip BIGINT NOT NULL,
    build_url TEXT,
    test_results TEXT,
    verified_by TEXT,
    executed_at TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE INDEX results_by_content ON results (content_id, provider_version_id, id);
CREATE INDEX results_that_succeeded ON results (content_id, provider_version_id, created_at, wip) WHERE success = 1;
CREATE INDEX results_by_provider_version ON results (provider_version_id);

-- Which result counts for a content and a provider version: the last one.
CREATE TABLE latest_results (
    content_id BIGINT NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
    provider_version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    result_id BIGINT NOT NULL REFERENCES results (id) ON DELETE CASCADE,
    PRIMARY KEY (content_id, provider_version_id)
);

CREATE INDEX latest_results_by_provider_version ON latest_results (provider_version_id);

CREATE TABLE environments (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT,
    production BIGINT NOT NULL,
    contacts TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT
);

CREATE TABLE deployed_versions (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    pacticipant_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    environment_id BIGINT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    application_instance TEXT,
    created_at TEXT NOT NULL,
    undeployed_at TEXT
);

CREATE INDEX deployed_versions_current
    ON deployed_versions (environment_id, pacticipant_id) WHERE undeployed_at IS NULL;
CREATE INDEX deployed_versions_by_pacticipant
    ON deployed_versions (pacticipant_id) WHERE undeployed_at IS NULL;
CREATE INDEX deployed_versions_by_version ON deployed_versions (version_id);

CREATE TABLE released_versions (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    pacticipant_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    environment_id BIGINT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    support_ended_at TEXT,
    UNIQUE (version_id, environment_id)
);

CREATE INDEX released_versions_current
    ON released_versions (environment_id, pacticipant_id) WHERE support_ended_at IS NULL;
CREATE INDEX released_versions_by_pacticipant
    ON released_versions (pacticipant_id) WHERE support_ended_at IS NULL;
