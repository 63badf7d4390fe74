-- What two sides last agreed on, the plans made from their differences, and what is still in doubt. All instants are epoch
-- microseconds, UTC. Values are JSON; the tables hold personal values and need the protection of the records themselves.

-- One row a pair. Who holds the lease carries the fence number; every change of state proves it.
CREATE TABLE crm_sync_pair (
    pair TEXT NOT NULL,
    fence INTEGER NOT NULL,
    owner TEXT,
    lease_us INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    source_cursor TEXT,
    target_cursor TEXT,
    source_count INTEGER,
    audit_seq INTEGER NOT NULL,
    audit_hash TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (pair)
);

-- Which record of one side is which of the other, and each side's values when they last agreed.
CREATE TABLE crm_sync_link (
    pair TEXT NOT NULL,
    source_id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    state TEXT NOT NULL,
    source_base TEXT NOT NULL,
    target_base TEXT NOT NULL,
    source_version TEXT,
    target_version TEXT,
    seen INTEGER NOT NULL,
    changed_us INTEGER NOT NULL,
    PRIMARY KEY (pair, source_id)
);

CREATE UNIQUE INDEX crm_sync_link_target ON crm_sync_link (pair, target_id);

-- What the target changed since its cursor, kept while a plan is made.
CREATE TABLE crm_sync_remote (
    pair TEXT NOT NULL,
    target_id TEXT NOT NULL,
    version TEXT,
    gone INTEGER NOT NULL,
    handled INTEGER NOT NULL,
    target_key TEXT,
    fields TEXT NOT NULL,
    PRIMARY KEY (pair, target_id)
);

-- A plan: its hash is that of its actions in canonical JSON.
CREATE TABLE crm_sync_plan (
    plan TEXT NOT NULL,
    pair TEXT NOT NULL,
    hash TEXT NOT NULL,
    state TEXT NOT NULL,
    summary TEXT NOT NULL,
    mapping TEXT NOT NULL,
    generation INTEGER NOT NULL,
    source_cursor TEXT,
    target_cursor TEXT,
    source_count INTEGER,
    ceiling INTEGER,
    approved_by TEXT,
    approved_us INTEGER,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (plan)
);

CREATE INDEX crm_sync_plan_pair ON crm_sync_plan (pair, created_us);

-- One row a record that would change. PLANNED, INTENT (may have gone out), DONE, FAILED, STALE (left to the next plan).
CREATE TABLE crm_sync_action (
    plan TEXT NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    side TEXT NOT NULL,
    source_id TEXT,
    target_id TEXT,
    version TEXT,
    ours TEXT NOT NULL,
    theirs TEXT NOT NULL,
    changes TEXT NOT NULL,
    state TEXT NOT NULL,
    code TEXT,
    tries INTEGER NOT NULL,
    intent_us INTEGER,
    PRIMARY KEY (plan, item)
);

CREATE INDEX crm_sync_action_state ON crm_sync_action (plan, state, item);

-- Records that could not be brought over, with what to do next. Later changes of the same record wait behind them.
CREATE TABLE crm_sync_dead (
    pair TEXT NOT NULL,
    item TEXT NOT NULL,
    cause TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    next_us INTEGER NOT NULL,
    PRIMARY KEY (pair, item)
);

-- Fields that both sides changed and no policy decides.
CREATE TABLE crm_sync_conflict (
    pair TEXT NOT NULL,
    item TEXT NOT NULL,
    field TEXT NOT NULL,
    base_value TEXT,
    source_value TEXT,
    target_value TEXT,
    opened_us INTEGER NOT NULL,
    resolution TEXT,
    resolved_by TEXT,
    PRIMARY KEY (pair, item, field)
);

-- What earlier runs did, for guards that compare.
CREATE TABLE crm_sync_run (
    pair TEXT NOT NULL,
    plan TEXT NOT NULL,
    finished_us INTEGER NOT NULL,
    creates INTEGER NOT NULL,
    updates INTEGER NOT NULL,
    archives INTEGER NOT NULL,
    source_seen INTEGER NOT NULL,
    PRIMARY KEY (pair, plan)
);

-- Rows and records that an import refused, with its reasons, until they are taken.
CREATE TABLE crm_import_reject (
    source TEXT NOT NULL,
    row_ref TEXT NOT NULL,
    reasons TEXT NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    PRIMARY KEY (source, row_ref)
);

-- Every change that was made, chained by hashes so that a row that is taken out or rewritten shows. Never updated.
CREATE TABLE crm_sync_audit (
    pair TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    plan TEXT NOT NULL,
    item TEXT NOT NULL,
    side TEXT NOT NULL,
    action TEXT NOT NULL,
    fields TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (pair, seq)
);
