-- Delivery outbox. All instants are epoch microseconds, UTC.
-- The message is written once and never rewritten; work in hand lives in the narrow queue table only;
-- what happened is appended to the event table, from which every reported state can be checked.

CREATE TABLE crm_message (
    id VARCHAR(36) NOT NULL PRIMARY KEY,
    idem_key VARCHAR(200) NOT NULL,
    channel VARCHAR(40) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    scope VARCHAR(200),
    priority VARCHAR(8) NOT NULL,
    media_type VARCHAR(200) NOT NULL,
    attributes VARCHAR NOT NULL,
    content BLOB NOT NULL,
    not_before_us BIGINT,
    expires_us BIGINT,
    created_us BIGINT NOT NULL,
    recipients INTEGER NOT NULL
);

CREATE TABLE crm_idempotency (
    idem_key VARCHAR(200) NOT NULL PRIMARY KEY,
    params_hash VARCHAR(64) NOT NULL,
    message_id VARCHAR(36) NOT NULL,
    created_us BIGINT NOT NULL
);

-- One row a recipient. state stays empty while the delivery is in the queue table.
CREATE TABLE crm_delivery (
    id VARCHAR(48) NOT NULL PRIMARY KEY,
    message_id VARCHAR(36) NOT NULL,
    ordinal INTEGER NOT NULL,
    recipient VARCHAR(320) NOT NULL,
    created_us BIGINT NOT NULL,
    state VARCHAR(16),
    state_us BIGINT,
    fence BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    repeats INTEGER NOT NULL
);

CREATE INDEX crm_delivery_message ON crm_delivery (message_id);

-- Only what is not finished. A claim changes no indexed column.
CREATE TABLE crm_delivery_queue (
    delivery_id VARCHAR(48) NOT NULL PRIMARY KEY,
    lane INTEGER NOT NULL,
    due_us BIGINT NOT NULL,
    lease_us BIGINT NOT NULL,
    owner VARCHAR(200),
    fence BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    repeats INTEGER NOT NULL,
    stumbles INTEGER NOT NULL,
    crashes INTEGER NOT NULL
);

CREATE INDEX crm_delivery_queue_due ON crm_delivery_queue (lane, due_us);

-- Append only.
CREATE TABLE crm_delivery_event (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id VARCHAR(48) NOT NULL,
    fence BIGINT NOT NULL,
    step INTEGER NOT NULL,
    at_us BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    applied INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    node VARCHAR(200) NOT NULL,
    detail VARCHAR NOT NULL,
    evidence_host VARCHAR(255),
    evidence_reply VARCHAR,
    evidence_remote_id VARCHAR(255),
    evidence_us BIGINT,
    source_hash VARCHAR(64),
    UNIQUE (delivery_id, fence, step),
    UNIQUE (delivery_id, source_hash)
);

CREATE TABLE crm_delivery_node (
    owner VARCHAR(200) NOT NULL PRIMARY KEY,
    node_id VARCHAR(120) NOT NULL,
    machine VARCHAR(200) NOT NULL,
    pid BIGINT NOT NULL,
    process_start BIGINT NOT NULL,
    started_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL
);
