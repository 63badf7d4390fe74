-- What ended a delivery is written into its own row, in the same statement that ends it, instead of two rows of the event table;
-- when its window began is kept in the queue row meanwhile. The event table has whatever else happened.

ALTER TABLE crm_delivery_queue ADD COLUMN begun_us BIGINT;

ALTER TABLE crm_delivery
    ADD COLUMN end_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    ADD COLUMN end_step INTEGER,
    ADD COLUMN end_fence BIGINT,
    ADD COLUMN end_us BIGINT,
    ADD COLUMN end_begun_us BIGINT,
    ADD COLUMN end_attempt INTEGER,
    ADD COLUMN end_node VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ADD COLUMN end_detail LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ADD COLUMN end_host VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ADD COLUMN end_reply LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ADD COLUMN end_remote_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ADD COLUMN end_evidence_us BIGINT;
