-- Facts about this store as a whole, one word a row.

CREATE TABLE crm_store (
    name VARCHAR(40) NOT NULL PRIMARY KEY,
    content VARCHAR(400) NOT NULL,
    changed_us BIGINT NOT NULL
);
