-- Calls of providers' webhooks with their raw bytes, and each event of theirs once. Bodies hold personal values and need the
-- protection of the records themselves. All instants are epoch microseconds, UTC.
CREATE TABLE crm_webhook (
    provider VARCHAR(40) NOT NULL,
    call_key VARCHAR(64) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    body BLOB NOT NULL,
    received_us BIGINT NOT NULL,
    PRIMARY KEY (provider, call_key)
);

CREATE TABLE crm_webhook_event (
    provider VARCHAR(40) NOT NULL,
    event_key VARCHAR(64) NOT NULL,
    call_key VARCHAR(64) NOT NULL,
    kind VARCHAR(40) NOT NULL,
    message_id VARCHAR(255),
    at_us BIGINT,
    PRIMARY KEY (provider, event_key)
);

CREATE INDEX crm_webhook_event_message ON crm_webhook_event (provider, message_id);
