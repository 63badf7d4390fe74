-- Fields that two systems write over and over again, each in its own form: which value went which way last, as hashes.
CREATE TABLE crm_sync_swing (
    pair VARCHAR(64) COLLATE "C" NOT NULL,
    item VARCHAR(300) COLLATE "C" NOT NULL,
    field VARCHAR(200) COLLATE "C" NOT NULL,
    swings BIGINT NOT NULL,
    side VARCHAR(8) COLLATE "C" NOT NULL,
    to_source VARCHAR(64) COLLATE "C",
    to_target VARCHAR(64) COLLATE "C",
    since_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    PRIMARY KEY (pair, item, field)
);
