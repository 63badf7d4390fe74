-- What ended a delivery is written into its own row, in the same statement that ends it, instead of two rows of the event table;
-- when its window began is kept in the queue row meanwhile. The event table has whatever else happened.

ALTER TABLE crm_delivery_queue ADD COLUMN begun_us BIGINT;

ALTER TABLE crm_delivery ADD COLUMN (
    end_state VARCHAR(16),
    end_step INTEGER,
    end_fence BIGINT,
    end_us BIGINT,
    end_begun_us BIGINT,
    end_attempt INTEGER,
    end_node VARCHAR(200),
    end_detail VARCHAR,
    end_host VARCHAR(255),
    end_reply VARCHAR,
    end_remote_id VARCHAR(255),
    end_evidence_us BIGINT
);
