-- Fields that two systems write over and over again, each in its own form: which value went which way last, as hashes.
CREATE TABLE crm_sync_swing (
    pair TEXT NOT NULL,
    item TEXT NOT NULL,
    field TEXT NOT NULL,
    swings INTEGER NOT NULL,
    side TEXT NOT NULL,
    to_source TEXT,
    to_target TEXT,
    since_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    PRIMARY KEY (pair, item, field)
);
