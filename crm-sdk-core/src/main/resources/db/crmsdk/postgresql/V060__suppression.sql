-- Addresses that get no mail for reasons other than consent, and everything that was ever learned of an address. Both hold personal
-- values. All instants are epoch microseconds, UTC.
CREATE TABLE crm_suppression (
    channel VARCHAR(64) COLLATE "C" NOT NULL,
    address VARCHAR(320) COLLATE "C" NOT NULL,
    reason VARCHAR(64) COLLATE "C" NOT NULL,
    source VARCHAR(80) COLLATE "C" NOT NULL,
    evidence VARCHAR(1000) NOT NULL,
    since_us BIGINT NOT NULL,
    expires_us BIGINT,
    PRIMARY KEY (address, channel)
);

CREATE TABLE crm_suppression_event (
    event_key VARCHAR(64) COLLATE "C" NOT NULL PRIMARY KEY,
    channel VARCHAR(64) COLLATE "C" NOT NULL,
    address VARCHAR(320) COLLATE "C" NOT NULL,
    kind VARCHAR(64) COLLATE "C" NOT NULL,
    source VARCHAR(80) COLLATE "C" NOT NULL,
    evidence VARCHAR(1000) NOT NULL,
    at_us BIGINT NOT NULL,
    recorded_us BIGINT NOT NULL
);

CREATE INDEX crm_suppression_event_address ON crm_suppression_event (address, channel);
