-- Fields that two systems write over and over again, each in its own form: which value went which way last, as hashes.
CREATE TABLE crm_sync_swing (
    pair VARCHAR(64) NOT NULL,
    item VARCHAR(300) NOT NULL,
    field VARCHAR(200) NOT NULL,
    swings BIGINT NOT NULL,
    side VARCHAR(8) NOT NULL,
    to_source VARCHAR(64),
    to_target VARCHAR(64),
    since_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    PRIMARY KEY (pair, item, field)
);
CREATE INDEX crm_sync_swing_item ON crm_sync_swing (pair, item);
