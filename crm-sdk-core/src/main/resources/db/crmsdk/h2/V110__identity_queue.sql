-- Orders equally telling questions by the origins of their records, so that the queue does not depend on who came first.
ALTER TABLE crm_review ADD COLUMN tie BIGINT DEFAULT 0 NOT NULL;

-- When a value became generic, since too many different people share it, and when it ceased to be. Appended only.
CREATE TABLE crm_generic_value (
    id VARCHAR(36) NOT NULL PRIMARY KEY,
    key_hash BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    generic INTEGER NOT NULL,
    records INTEGER NOT NULL,
    record_id VARCHAR(36) NOT NULL,
    at_us BIGINT NOT NULL
);
