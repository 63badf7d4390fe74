-- Customers. All instants are epoch microseconds, UTC.
-- A source record is kept as it came; records are linked, never merged. A customer is the set of records with one customer_id,
-- which is the oldest id among them: the id of a record is the id its customer had when the record stood alone.

CREATE TABLE crm_record (
    id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    origin_system VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    origin_instance VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    origin_type VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    origin_value VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    customer_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    revision BIGINT NOT NULL,
    content LONGBLOB,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL
) ENGINE = InnoDB;

CREATE UNIQUE INDEX crm_record_origin ON crm_record (origin_system, origin_instance, origin_type, origin_value);
CREATE INDEX crm_record_customer ON crm_record (customer_id, id);

-- What a record was before; the present revision is in crm_record.
CREATE TABLE crm_record_revision (
    record_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    revision BIGINT NOT NULL,
    content LONGBLOB NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (record_id, revision)
) ENGINE = InnoDB;

-- Under which hashed values a record is found. Strong ones can link, the others lead to questions.
CREATE TABLE crm_record_key (
    key_hash BIGINT NOT NULL,
    record_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    strong INTEGER NOT NULL,
    PRIMARY KEY (key_hash, record_id)
) ENGINE = InnoDB;

CREATE INDEX crm_record_key_record ON crm_record_key (record_id);

-- One row a strong value: who writes a record with it locks the row, so that two workers see each other's record.
CREATE TABLE crm_match_key (
    key_hash BIGINT NOT NULL PRIMARY KEY,
    generic INTEGER NOT NULL
) ENGINE = InnoDB;

-- What people decided about two records; a < b. Never deleted: a withdrawn decision keeps its row.
CREATE TABLE crm_match_decision (
    id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    record_a VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_b VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    same INTEGER NOT NULL,
    log_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    withdrawn_us BIGINT
) ENGINE = InnoDB;

CREATE INDEX crm_match_decision_a ON crm_match_decision (record_a);
CREATE INDEX crm_match_decision_b ON crm_match_decision (record_b);
CREATE INDEX crm_match_decision_log ON crm_match_decision (log_id);

-- Every change of who is whose customer, with its reason. Appended only.
CREATE TABLE crm_merge_log (
    id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at_us BIGINT NOT NULL,
    author VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    undoes VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin,
    undone_by VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin
) ENGINE = InnoDB;

CREATE INDEX crm_merge_log_undoes ON crm_merge_log (undoes);

CREATE TABLE crm_merge_member (
    log_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    before_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    after_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (log_id, record_id)
) ENGINE = InnoDB;

CREATE INDEX crm_merge_member_record ON crm_merge_member (record_id);
CREATE INDEX crm_merge_member_before ON crm_merge_member (before_id);
CREATE INDEX crm_merge_member_after ON crm_merge_member (after_id);

-- Pairs that a person should look at, and what became of them; a < b.
CREATE TABLE crm_review (
    record_a VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    record_b VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    score DOUBLE NOT NULL,
    why LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    state VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    asked_us BIGINT NOT NULL,
    author VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    decided_us BIGINT,
    PRIMARY KEY (record_a, record_b)
) ENGINE = InnoDB;

CREATE INDEX crm_review_b ON crm_review (record_b);
CREATE INDEX crm_review_rank ON crm_review (state, score);
