-- Addresses that get no mail for reasons other than consent, and everything that was ever learned of an address. Both hold personal
-- values. All instants are epoch microseconds, UTC.
CREATE TABLE crm_suppression (
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    evidence TEXT NOT NULL,
    since_us INTEGER NOT NULL,
    expires_us INTEGER,
    PRIMARY KEY (address, channel)
);

CREATE TABLE crm_suppression_event (
    event_key TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    evidence TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    recorded_us INTEGER NOT NULL
);

CREATE INDEX crm_suppression_event_address ON crm_suppression_event (address, channel);
