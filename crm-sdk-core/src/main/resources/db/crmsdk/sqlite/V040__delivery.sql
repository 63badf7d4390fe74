-- Delivery outbox. All instants are epoch microseconds, UTC.
-- The message is written once and never rewritten; work in hand lives in the narrow queue table only;
-- what happened is appended to the event table, from which every reported state can be checked.

CREATE TABLE crm_message (
    id TEXT NOT NULL PRIMARY KEY,
    idem_key TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT,
    priority TEXT NOT NULL,
    media_type TEXT NOT NULL,
    attributes TEXT NOT NULL,
    content BLOB NOT NULL,
    not_before_us INTEGER,
    expires_us INTEGER,
    created_us INTEGER NOT NULL,
    recipients INTEGER NOT NULL
);

CREATE TABLE crm_idempotency (
    idem_key TEXT NOT NULL PRIMARY KEY,
    params_hash TEXT NOT NULL,
    message_id TEXT NOT NULL,
    created_us INTEGER NOT NULL
) WITHOUT ROWID;

-- One row a recipient. state stays empty while the delivery is in the queue table.
CREATE TABLE crm_delivery (
    id TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    state TEXT,
    state_us INTEGER,
    fence INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    repeats INTEGER NOT NULL
);

CREATE INDEX crm_delivery_message ON crm_delivery (message_id);

-- Only what is not finished. A claim changes no indexed column.
CREATE TABLE crm_delivery_queue (
    delivery_id TEXT NOT NULL PRIMARY KEY,
    lane INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    lease_us INTEGER NOT NULL,
    owner TEXT,
    fence INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    repeats INTEGER NOT NULL,
    stumbles INTEGER NOT NULL,
    crashes INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX crm_delivery_queue_due ON crm_delivery_queue (lane, due_us);

-- Append only.
CREATE TABLE crm_delivery_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id TEXT NOT NULL,
    fence INTEGER NOT NULL,
    step INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    state TEXT NOT NULL,
    applied INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    node TEXT NOT NULL,
    detail TEXT NOT NULL,
    evidence_host TEXT,
    evidence_reply TEXT,
    evidence_remote_id TEXT,
    evidence_us INTEGER,
    source_hash TEXT,
    UNIQUE (delivery_id, fence, step),
    UNIQUE (delivery_id, source_hash)
);

CREATE TABLE crm_delivery_node (
    owner TEXT NOT NULL PRIMARY KEY,
    node_id TEXT NOT NULL,
    machine TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_start INTEGER NOT NULL,
    started_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL
);
