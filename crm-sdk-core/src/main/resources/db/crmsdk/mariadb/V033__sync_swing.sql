-- Fields that two systems write over and over again, each in its own form: which value went which way last, as hashes.
CREATE TABLE crm_sync_swing (
    pair VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    item VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    field VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    swings BIGINT NOT NULL,
    side VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    to_source VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    to_target VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    since_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    PRIMARY KEY (pair, item, field)
) ENGINE = InnoDB;
