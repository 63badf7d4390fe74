-- Facts about this store as a whole, one word a row.

CREATE TABLE crm_store (
    name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    content VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    changed_us BIGINT NOT NULL
) ENGINE = InnoDB;
