-- What people do to the outbox by hand, and what leaves it for the archive. All instants are epoch microseconds, UTC.

-- A delivery that somebody sent again is given up as if it were new: since when, and how many attempts had begun before.
ALTER TABLE crm_delivery ADD COLUMN renewed_us BIGINT;
ALTER TABLE crm_delivery ADD COLUMN renewed_attempts INTEGER;

-- A key outlives its message, so that a late repetition is still recognised: when the message was taken out.
ALTER TABLE crm_idempotency ADD COLUMN archived_us BIGINT;

-- How long the leases of a pool last, so that others know when its silence means something.
ALTER TABLE crm_delivery_node ADD COLUMN lease_us BIGINT;

-- A row here stops all claims of this store; there is none while it runs.
CREATE TABLE crm_delivery_pause (
    name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    since_us BIGINT NOT NULL,
    by_whom VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    why VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE = InnoDB;

-- Append only: who did what by hand, when and why.
CREATE TABLE crm_delivery_audit (
    seq BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at_us BIGINT NOT NULL,
    action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    delivery_id VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    state_before VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    state_after VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    by_whom VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    why VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    detail VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE = InnoDB;

CREATE INDEX crm_delivery_audit_delivery ON crm_delivery_audit (delivery_id);
