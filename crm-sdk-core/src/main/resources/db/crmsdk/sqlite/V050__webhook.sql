-- Calls of providers' webhooks with their raw bytes, and each event of theirs once. Bodies hold personal values and need the
-- protection of the records themselves. All instants are epoch microseconds, UTC.
CREATE TABLE crm_webhook (
    provider TEXT NOT NULL,
    call_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    body BLOB NOT NULL,
    received_us INTEGER NOT NULL,
    PRIMARY KEY (provider, call_key)
);

CREATE TABLE crm_webhook_event (
    provider TEXT NOT NULL,
    event_key TEXT NOT NULL,
    call_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    message_id TEXT,
    at_us INTEGER,
    PRIMARY KEY (provider, event_key)
);

CREATE INDEX crm_webhook_event_message ON crm_webhook_event (provider, message_id);
