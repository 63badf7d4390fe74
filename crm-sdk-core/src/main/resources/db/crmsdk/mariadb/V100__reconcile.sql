-- What a comparison of both sides found, and what it needs while it runs. All instants are epoch microseconds, UTC. The rows of
-- crm_sync_check hold personal values and are deleted when the comparison ends.

-- The last comparison of a pair; without a hash it has not ended.
CREATE TABLE crm_sync_reconcile (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    mapping VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    report LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    started_us BIGINT NOT NULL,
    PRIMARY KEY (pair)
) ENGINE = InnoDB;

-- What it found, a row a finding, in the order of place and item; ids and names of fields only.
CREATE TABLE crm_sync_difference (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    place BIGINT NOT NULL,
    item VARCHAR(260) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(24) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    source_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    target_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    fields LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (pair, place, item)
) ENGINE = InnoDB;

-- The records of buckets that differ, by the source's id, while they are compared field by field.
CREATE TABLE crm_sync_check (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    record_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    source_seen BIGINT DEFAULT 0 NOT NULL,
    target_seen BIGINT DEFAULT 0 NOT NULL,
    fields LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    PRIMARY KEY (pair, record_id)
) ENGINE = InnoDB;
