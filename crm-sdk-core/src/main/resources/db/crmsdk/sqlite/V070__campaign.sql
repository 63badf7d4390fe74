-- Campaigns with their audiences as they were looked at, and who decided what. All instants are epoch microseconds, UTC.
CREATE TABLE crm_campaign (
    id TEXT NOT NULL PRIMARY KEY,
    series TEXT NOT NULL,
    scope TEXT,
    state TEXT NOT NULL,
    hash TEXT NOT NULL,
    members INTEGER NOT NULL,
    held TEXT NOT NULL,
    detail TEXT NOT NULL,
    most_open INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    started_us INTEGER,
    touched_us INTEGER,
    ended_us INTEGER
);

CREATE INDEX crm_campaign_series ON crm_campaign (series, ended_us);

-- state: W waits, Q in the outbox, T being taken back, D finished there, F could not be written or stored.
CREATE TABLE crm_campaign_member (
    campaign_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    contact TEXT NOT NULL,
    address TEXT NOT NULL,
    fields TEXT NOT NULL,
    state TEXT NOT NULL,
    round INTEGER NOT NULL,
    message_id TEXT,
    failure TEXT,
    PRIMARY KEY (campaign_id, ordinal),
    UNIQUE (campaign_id, contact)
);

CREATE INDEX crm_campaign_member_state ON crm_campaign_member (campaign_id, state, ordinal);

CREATE TABLE crm_campaign_event (
    campaign_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (campaign_id, number)
);
