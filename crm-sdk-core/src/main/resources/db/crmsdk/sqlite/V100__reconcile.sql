-- What a comparison of both sides found, and what it needs while it runs. All instants are epoch microseconds, UTC. The rows of
-- crm_sync_check hold personal values and are deleted when the comparison ends.

-- The last comparison of a pair; without a hash it has not ended.
CREATE TABLE crm_sync_reconcile (
    pair TEXT NOT NULL,
    hash TEXT NOT NULL,
    mapping TEXT NOT NULL,
    report TEXT,
    started_us INTEGER NOT NULL,
    PRIMARY KEY (pair)
);

-- What it found, a row a finding, in the order of place and item; ids and names of fields only.
CREATE TABLE crm_sync_difference (
    pair TEXT NOT NULL,
    place INTEGER NOT NULL,
    item TEXT NOT NULL,
    kind TEXT NOT NULL,
    source_id TEXT,
    target_id TEXT,
    fields TEXT NOT NULL,
    PRIMARY KEY (pair, place, item)
);

-- The records of buckets that differ, by the source's id, while they are compared field by field.
CREATE TABLE crm_sync_check (
    pair TEXT NOT NULL,
    record_id TEXT NOT NULL,
    source_seen INTEGER DEFAULT 0 NOT NULL,
    target_seen INTEGER DEFAULT 0 NOT NULL,
    fields TEXT,
    PRIMARY KEY (pair, record_id)
);
