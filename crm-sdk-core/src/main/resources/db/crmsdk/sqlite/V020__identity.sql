-- Customers. All instants are epoch microseconds, UTC.
-- A source record is kept as it came; records are linked, never merged. A customer is the set of records with one customer_id,
-- which is the oldest id among them: the id of a record is the id its customer had when the record stood alone.

CREATE TABLE crm_record (
    id TEXT NOT NULL PRIMARY KEY,
    origin_system TEXT NOT NULL,
    origin_instance TEXT NOT NULL,
    origin_type TEXT NOT NULL,
    origin_value TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content BLOB,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
);

CREATE UNIQUE INDEX crm_record_origin ON crm_record (origin_system, origin_instance, origin_type, origin_value);
CREATE INDEX crm_record_customer ON crm_record (customer_id, id);

-- What a record was before; the present revision is in crm_record.
CREATE TABLE crm_record_revision (
    record_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (record_id, revision)
);

-- Under which hashed values a record is found. Strong ones can link, the others lead to questions.
CREATE TABLE crm_record_key (
    key_hash INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    strong INTEGER NOT NULL,
    PRIMARY KEY (key_hash, record_id)
);

CREATE INDEX crm_record_key_record ON crm_record_key (record_id);

-- One row a strong value: who writes a record with it locks the row, so that two workers see each other's record.
CREATE TABLE crm_match_key (
    key_hash INTEGER NOT NULL PRIMARY KEY,
    generic INTEGER NOT NULL
);

-- What people decided about two records; a < b. Never deleted: a withdrawn decision keeps its row.
CREATE TABLE crm_match_decision (
    id TEXT NOT NULL PRIMARY KEY,
    record_a TEXT NOT NULL,
    record_b TEXT NOT NULL,
    same INTEGER NOT NULL,
    log_id TEXT NOT NULL,
    withdrawn_us INTEGER
);

CREATE INDEX crm_match_decision_a ON crm_match_decision (record_a);
CREATE INDEX crm_match_decision_b ON crm_match_decision (record_b);
CREATE INDEX crm_match_decision_log ON crm_match_decision (log_id);

-- Every change of who is whose customer, with its reason. Appended only.
CREATE TABLE crm_merge_log (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    author TEXT,
    reason TEXT,
    undoes TEXT,
    undone_by TEXT
);

CREATE INDEX crm_merge_log_undoes ON crm_merge_log (undoes);

CREATE TABLE crm_merge_member (
    log_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    before_id TEXT NOT NULL,
    after_id TEXT NOT NULL,
    PRIMARY KEY (log_id, record_id)
);

CREATE INDEX crm_merge_member_record ON crm_merge_member (record_id);
CREATE INDEX crm_merge_member_before ON crm_merge_member (before_id);
CREATE INDEX crm_merge_member_after ON crm_merge_member (after_id);

-- Pairs that a person should look at, and what became of them; a < b.
CREATE TABLE crm_review (
    record_a TEXT NOT NULL,
    record_b TEXT NOT NULL,
    code TEXT NOT NULL,
    score REAL NOT NULL,
    why TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_us INTEGER NOT NULL,
    author TEXT,
    reason TEXT,
    decided_us INTEGER,
    PRIMARY KEY (record_a, record_b)
);

CREATE INDEX crm_review_b ON crm_review (record_b);
CREATE INDEX crm_review_rank ON crm_review (state, score);
