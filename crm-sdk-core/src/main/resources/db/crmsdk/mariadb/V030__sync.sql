-- What two sides last agreed on, the plans made from their differences, and what is still in doubt. All instants are epoch
-- microseconds, UTC. Values are JSON; the tables hold personal values and need the protection of the records themselves.

-- One row a pair. Who holds the lease carries the fence number; every change of state proves it.
CREATE TABLE crm_sync_pair (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    fence BIGINT NOT NULL,
    owner VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    lease_us BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    source_cursor LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target_cursor LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    source_count BIGINT,
    audit_seq BIGINT NOT NULL,
    audit_hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (pair)
) ENGINE = InnoDB;

-- Which record of one side is which of the other, and each side's values when they last agreed.
CREATE TABLE crm_sync_link (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    source_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    target_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    state VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    source_base LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    target_base LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    source_version VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target_version VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    seen BIGINT NOT NULL,
    changed_us BIGINT NOT NULL,
    PRIMARY KEY (pair, source_id)
) ENGINE = InnoDB;

CREATE UNIQUE INDEX crm_sync_link_target ON crm_sync_link (pair, target_id);

-- What the target changed since its cursor, kept while a plan is made.
CREATE TABLE crm_sync_remote (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    target_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    version VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    gone BIGINT NOT NULL,
    handled BIGINT NOT NULL,
    target_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    fields LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (pair, target_id)
) ENGINE = InnoDB;

-- A plan: its hash is that of its actions in canonical JSON.
CREATE TABLE crm_sync_plan (
    plan VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    state VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    summary LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    mapping VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    generation BIGINT NOT NULL,
    source_cursor LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target_cursor LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    source_count BIGINT,
    ceiling BIGINT,
    approved_by VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    approved_us BIGINT,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (plan)
) ENGINE = InnoDB;

CREATE INDEX crm_sync_plan_pair ON crm_sync_plan (pair, created_us);

-- One row a record that would change. PLANNED, INTENT (may have gone out), DONE, FAILED, STALE (left to the next plan).
CREATE TABLE crm_sync_action (
    plan VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    item VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    side VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    source_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    version VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ours LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    theirs LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    changes LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    state VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    code VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    tries BIGINT NOT NULL,
    intent_us BIGINT,
    PRIMARY KEY (plan, item)
) ENGINE = InnoDB;

CREATE INDEX crm_sync_action_state ON crm_sync_action (plan, state, item);

-- Records that could not be brought over, with what to do next. Later changes of the same record wait behind them.
CREATE TABLE crm_sync_dead (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    item VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    cause VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    code VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    message LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    attempts BIGINT NOT NULL,
    first_us BIGINT NOT NULL,
    next_us BIGINT NOT NULL,
    PRIMARY KEY (pair, item)
) ENGINE = InnoDB;

-- Fields that both sides changed and no policy decides.
CREATE TABLE crm_sync_conflict (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    item VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    field VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    base_value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    source_value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target_value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    opened_us BIGINT NOT NULL,
    resolution VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    resolved_by VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    PRIMARY KEY (pair, item, field)
) ENGINE = InnoDB;

-- What earlier runs did, for guards that compare.
CREATE TABLE crm_sync_run (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    plan VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    finished_us BIGINT NOT NULL,
    creates BIGINT NOT NULL,
    updates BIGINT NOT NULL,
    archives BIGINT NOT NULL,
    source_seen BIGINT NOT NULL,
    PRIMARY KEY (pair, plan)
) ENGINE = InnoDB;

-- Rows and records that an import refused, with its reasons, until they are taken.
CREATE TABLE crm_import_reject (
    source VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    row_ref VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reasons LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    PRIMARY KEY (source, row_ref)
) ENGINE = InnoDB;

-- Every change that was made, chained by hashes so that a row that is taken out or rewritten shows. Never updated.
CREATE TABLE crm_sync_audit (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    plan VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    item VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    side VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    action VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    fields LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (pair, seq)
) ENGINE = InnoDB;
