-- What ended a delivery is written into its own row, in the same statement that ends it, instead of two rows of the event table;
-- when its window began is kept in the queue row meanwhile. The event table has whatever else happened.

ALTER TABLE crm_delivery_queue ADD COLUMN begun_us BIGINT;

ALTER TABLE crm_delivery
    ADD COLUMN end_state VARCHAR(16) COLLATE "C",
    ADD COLUMN end_step INTEGER,
    ADD COLUMN end_fence BIGINT,
    ADD COLUMN end_us BIGINT,
    ADD COLUMN end_begun_us BIGINT,
    ADD COLUMN end_attempt INTEGER,
    ADD COLUMN end_node VARCHAR(200),
    ADD COLUMN end_detail TEXT,
    ADD COLUMN end_host VARCHAR(255),
    ADD COLUMN end_reply TEXT,
    ADD COLUMN end_remote_id VARCHAR(255),
    ADD COLUMN end_evidence_us BIGINT;

-- Room on the page for the new versions of a row, so that no index is touched: one for a delivery's end, two for a claim and its mark.
ALTER TABLE crm_delivery SET (fillfactor = 45);
ALTER TABLE crm_delivery_queue SET (fillfactor = 40);
