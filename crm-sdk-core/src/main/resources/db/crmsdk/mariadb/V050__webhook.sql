-- Calls of providers' webhooks with their raw bytes, and each event of theirs once. Bodies hold personal values and need the
-- protection of the records themselves. All instants are epoch microseconds, UTC.
CREATE TABLE crm_webhook (
    provider VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    call_key VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    digest VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    body LONGBLOB NOT NULL,
    received_us BIGINT NOT NULL,
    PRIMARY KEY (provider, call_key)
) ENGINE = InnoDB;

CREATE TABLE crm_webhook_event (
    provider VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    event_key VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    call_key VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    message_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    at_us BIGINT,
    PRIMARY KEY (provider, event_key)
) ENGINE = InnoDB;

CREATE INDEX crm_webhook_event_message ON crm_webhook_event (provider, message_id);
