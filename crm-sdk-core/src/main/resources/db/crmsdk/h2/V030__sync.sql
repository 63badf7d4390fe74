-- What two sides last agreed on, the plans made from their differences, and what is still in doubt. All instants are epoch
-- microseconds, UTC. Values are JSON; the tables hold personal values and need the protection of the records themselves.

-- One row a pair. Who holds the lease carries the fence number; every change of state proves it.
CREATE TABLE crm_sync_pair (
    pair VARCHAR(64) NOT NULL,
    fence BIGINT NOT NULL,
    owner VARCHAR(200),
    lease_us BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    source_cursor VARCHAR,
    target_cursor VARCHAR,
    source_count BIGINT,
    audit_seq BIGINT NOT NULL,
    audit_hash VARCHAR(64) NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (pair)
);

-- Which record of one side is which of the other, and each side's values when they last agreed.
CREATE TABLE crm_sync_link (
    pair VARCHAR(64) NOT NULL,
    source_id VARCHAR(255) NOT NULL,
    target_id VARCHAR(255) NOT NULL,
    state VARCHAR(12) NOT NULL,
    source_base VARCHAR NOT NULL,
    target_base VARCHAR NOT NULL,
    source_version VARCHAR(255),
    target_version VARCHAR(255),
    seen BIGINT NOT NULL,
    changed_us BIGINT NOT NULL,
    PRIMARY KEY (pair, source_id)
);

CREATE UNIQUE INDEX crm_sync_link_target ON crm_sync_link (pair, target_id);

-- What the target changed since its cursor, kept while a plan is made.
CREATE TABLE crm_sync_remote (
    pair VARCHAR(64) NOT NULL,
    target_id VARCHAR(255) NOT NULL,
    version VARCHAR(255),
    gone BIGINT NOT NULL,
    handled BIGINT NOT NULL,
    target_key VARCHAR(255),
    fields VARCHAR NOT NULL,
    PRIMARY KEY (pair, target_id)
);

-- A plan: its hash is that of its actions in canonical JSON.
CREATE TABLE crm_sync_plan (
    plan VARCHAR(36) NOT NULL,
    pair VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    state VARCHAR(12) NOT NULL,
    summary VARCHAR NOT NULL,
    mapping VARCHAR(200) NOT NULL,
    generation BIGINT NOT NULL,
    source_cursor VARCHAR,
    target_cursor VARCHAR,
    source_count BIGINT,
    ceiling BIGINT,
    approved_by VARCHAR(200),
    approved_us BIGINT,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (plan)
);

CREATE INDEX crm_sync_plan_pair ON crm_sync_plan (pair, created_us);

-- One row a record that would change. PLANNED, INTENT (may have gone out), DONE, FAILED, STALE (left to the next plan).
CREATE TABLE crm_sync_action (
    plan VARCHAR(36) NOT NULL,
    item VARCHAR(300) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    side VARCHAR(8) NOT NULL,
    source_id VARCHAR(255),
    target_id VARCHAR(255),
    version VARCHAR(255),
    ours VARCHAR NOT NULL,
    theirs VARCHAR NOT NULL,
    changes VARCHAR NOT NULL,
    state VARCHAR(12) NOT NULL,
    code VARCHAR(64),
    tries BIGINT NOT NULL,
    intent_us BIGINT,
    PRIMARY KEY (plan, item)
);

CREATE INDEX crm_sync_action_state ON crm_sync_action (plan, state, item);

-- Records that could not be brought over, with what to do next. Later changes of the same record wait behind them.
CREATE TABLE crm_sync_dead (
    pair VARCHAR(64) NOT NULL,
    item VARCHAR(300) NOT NULL,
    cause VARCHAR(16) NOT NULL,
    code VARCHAR(64) NOT NULL,
    message VARCHAR NOT NULL,
    attempts BIGINT NOT NULL,
    first_us BIGINT NOT NULL,
    next_us BIGINT NOT NULL,
    PRIMARY KEY (pair, item)
);

-- Fields that both sides changed and no policy decides.
CREATE TABLE crm_sync_conflict (
    pair VARCHAR(64) NOT NULL,
    item VARCHAR(300) NOT NULL,
    field VARCHAR(200) NOT NULL,
    base_value VARCHAR,
    source_value VARCHAR,
    target_value VARCHAR,
    opened_us BIGINT NOT NULL,
    resolution VARCHAR(8),
    resolved_by VARCHAR(200),
    PRIMARY KEY (pair, item, field)
);

-- What earlier runs did, for guards that compare.
CREATE TABLE crm_sync_run (
    pair VARCHAR(64) NOT NULL,
    plan VARCHAR(36) NOT NULL,
    finished_us BIGINT NOT NULL,
    creates BIGINT NOT NULL,
    updates BIGINT NOT NULL,
    archives BIGINT NOT NULL,
    source_seen BIGINT NOT NULL,
    PRIMARY KEY (pair, plan)
);

-- Rows and records that an import refused, with its reasons, until they are taken.
CREATE TABLE crm_import_reject (
    source VARCHAR(200) NOT NULL,
    row_ref VARCHAR(100) NOT NULL,
    reasons VARCHAR NOT NULL,
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    PRIMARY KEY (source, row_ref)
);

-- Every change that was made, chained by hashes so that a row that is taken out or rewritten shows. Never updated.
CREATE TABLE crm_sync_audit (
    pair VARCHAR(64) NOT NULL,
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    plan VARCHAR(36) NOT NULL,
    item VARCHAR(300) NOT NULL,
    side VARCHAR(8) NOT NULL,
    action VARCHAR(12) NOT NULL,
    fields VARCHAR NOT NULL,
    hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (pair, seq)
);
