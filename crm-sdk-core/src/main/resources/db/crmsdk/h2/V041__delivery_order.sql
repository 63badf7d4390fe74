-- Strict order within an ordering key. A message of a key has its place in the line of that key; whoever has the lowest place goes, and
-- the others wait in the queue table with a due time beyond any other. Both tables hold only what is open: a key that nobody waits for,
-- and a message without a key, have no row here.

-- Who enqueues for a key adds to its row and so keeps others off the end of the line until that transaction ends: places are in the order of
-- commits.
CREATE TABLE crm_delivery_order (
    order_hash VARCHAR(64) NOT NULL PRIMARY KEY,
    places BIGINT NOT NULL
);

-- One row a delivery that is open and has a key; the recipients of one message share a place.
CREATE TABLE crm_delivery_turn (
    delivery_id VARCHAR(48) NOT NULL PRIMARY KEY,
    order_hash VARCHAR(64) NOT NULL,
    place BIGINT NOT NULL,
    not_before_us BIGINT NOT NULL
);

CREATE INDEX crm_delivery_turn_place ON crm_delivery_turn (order_hash, place);

ALTER TABLE crm_message ADD COLUMN ordering_key VARCHAR(200);

-- 1 if it was stored behind others of its key.
ALTER TABLE crm_delivery ADD COLUMN waited INTEGER;
