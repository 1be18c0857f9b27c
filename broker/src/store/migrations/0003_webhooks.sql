-- Webhooks, what they were triggered by, and what came of each attempt.

CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    description TEXT,
    -- Either a pacticipant or a label or neither, which means all of them.
    consumer_id BIGINT REFERENCES pacticipants (id) ON DELETE CASCADE,
    consumer_label TEXT,
    provider_id BIGINT REFERENCES pacticipants (id) ON DELETE CASCADE,
    provider_label TEXT,
    enabled BIGINT NOT NULL,
    -- Names with a space between them.
    events TEXT NOT NULL,
    -- JSON, with stars in the place of secrets.
    request TEXT NOT NULL,
    -- The secrets, sealed.
    secrets TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT
);

CREATE INDEX webhooks_by_consumer ON webhooks (consumer_id);
CREATE INDEX webhooks_by_provider ON webhooks (provider_id);

-- The queue, and the memory of what went through it.
CREATE TABLE triggered_webhooks (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    webhook_id BIGINT REFERENCES webhooks (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    event TEXT NOT NULL,
    consumer_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    provider_id BIGINT NOT NULL REFERENCES pacticipants (id) ON DELETE CASCADE,
    consumer_version_id BIGINT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    -- The result that it is about, if it is about one.
    result_id BIGINT REFERENCES results (id) ON DELETE CASCADE,
    base_url TEXT NOT NULL,
    -- JSON: the value of each name that a template may mention.
    parameters TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    -- When it is due; NULL when it is done. While an attempt is made, when its claim ends.
    next_attempt_at TEXT,
    claim TEXT,
    created_at TEXT NOT NULL
);

CREATE INDEX triggered_webhooks_due ON triggered_webhooks (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX triggered_webhooks_by_pair ON triggered_webhooks (consumer_id, provider_id, webhook_id);
CREATE INDEX triggered_webhooks_by_provider ON triggered_webhooks (provider_id);
CREATE INDEX triggered_webhooks_by_webhook ON triggered_webhooks (webhook_id);
CREATE INDEX triggered_webhooks_by_version ON triggered_webhooks (consumer_version_id);
CREATE INDEX triggered_webhooks_by_result ON triggered_webhooks (result_id);

CREATE TABLE webhook_attempts (
    id INTEGER PRIMARY KEY,
    triggered_webhook_id BIGINT NOT NULL REFERENCES triggered_webhooks (id) ON DELETE CASCADE,
    success BIGINT NOT NULL,
    logs TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE INDEX webhook_attempts_by_trigger ON webhook_attempts (triggered_webhook_id, id);
