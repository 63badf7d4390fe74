-- What ended a delivery is written into its own row, in the same statement that ends it, instead of two rows of the event table;
-- when its window began is kept in the queue row meanwhile. The event table has whatever else happened.

ALTER TABLE crm_delivery_queue ADD COLUMN begun_us INTEGER;

ALTER TABLE crm_delivery ADD COLUMN end_state TEXT;
ALTER TABLE crm_delivery ADD COLUMN end_step INTEGER;
ALTER TABLE crm_delivery ADD COLUMN end_fence INTEGER;
ALTER TABLE crm_delivery ADD COLUMN end_us INTEGER;
ALTER TABLE crm_delivery ADD COLUMN end_begun_us INTEGER;
ALTER TABLE crm_delivery ADD COLUMN end_attempt INTEGER;
ALTER TABLE crm_delivery ADD COLUMN end_node TEXT;
ALTER TABLE crm_delivery ADD COLUMN end_detail TEXT;
ALTER TABLE crm_delivery ADD COLUMN end_host TEXT;
ALTER TABLE crm_delivery ADD COLUMN end_reply TEXT;
ALTER TABLE crm_delivery ADD COLUMN end_remote_id TEXT;
ALTER TABLE crm_delivery ADD COLUMN end_evidence_us INTEGER;
