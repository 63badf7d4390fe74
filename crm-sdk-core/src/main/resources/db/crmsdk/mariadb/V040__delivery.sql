-- Delivery outbox. All instants are epoch microseconds, UTC.
-- The message is written once and never rewritten; work in hand lives in the narrow queue table only;
-- what happened is appended to the event table, from which every reported state can be checked.

CREATE TABLE crm_message (
    id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    idem_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    channel VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    scope VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    priority VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    media_type VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    attributes LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    content LONGBLOB NOT NULL,
    not_before_us BIGINT,
    expires_us BIGINT,
    created_us BIGINT NOT NULL,
    recipients INTEGER NOT NULL
) ENGINE = InnoDB;

CREATE TABLE crm_idempotency (
    idem_key VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    params_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    message_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_us BIGINT NOT NULL
) ENGINE = InnoDB;

-- One row a recipient. state stays empty while the delivery is in the queue table.
CREATE TABLE crm_delivery (
    id VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    message_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ordinal INTEGER NOT NULL,
    recipient VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_us BIGINT NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    state_us BIGINT,
    fence BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    repeats INTEGER NOT NULL
) ENGINE = InnoDB;

CREATE INDEX crm_delivery_message ON crm_delivery (message_id);

-- Only what is not finished. A claim changes no indexed column.
CREATE TABLE crm_delivery_queue (
    delivery_id VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    lane INTEGER NOT NULL,
    due_us BIGINT NOT NULL,
    lease_us BIGINT NOT NULL,
    owner VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    fence BIGINT NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    repeats INTEGER NOT NULL,
    stumbles INTEGER NOT NULL,
    crashes INTEGER NOT NULL
) ENGINE = InnoDB;

CREATE INDEX crm_delivery_queue_due ON crm_delivery_queue (lane, due_us);

-- Append only.
CREATE TABLE crm_delivery_event (
    seq BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    delivery_id VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    fence BIGINT NOT NULL,
    step INTEGER NOT NULL,
    at_us BIGINT NOT NULL,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    applied INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    node VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    detail LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    evidence_host VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    evidence_reply LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    evidence_remote_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    evidence_us BIGINT,
    source_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    UNIQUE (delivery_id, fence, step),
    UNIQUE (delivery_id, source_hash)
) ENGINE = InnoDB;

CREATE TABLE crm_delivery_node (
    owner VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    node_id VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    machine VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    pid BIGINT NOT NULL,
    process_start BIGINT NOT NULL,
    started_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL
) ENGINE = InnoDB;
