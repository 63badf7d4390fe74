-- Campaigns with their audiences as they were looked at, and who decided what. All instants are epoch microseconds, UTC.
CREATE TABLE crm_campaign (
    id VARCHAR(80) NOT NULL PRIMARY KEY,
    series VARCHAR(80) NOT NULL,
    scope VARCHAR(340),
    state VARCHAR(80) NOT NULL,
    hash VARCHAR(80) NOT NULL,
    members BIGINT NOT NULL,
    held VARCHAR(500) NOT NULL,
    detail VARCHAR(500) NOT NULL,
    most_open INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    started_us BIGINT,
    touched_us BIGINT,
    ended_us BIGINT
);

CREATE INDEX crm_campaign_series ON crm_campaign (series, ended_us);

-- state: W waits, Q in the outbox, T being taken back, D finished there, F could not be written or stored.
CREATE TABLE crm_campaign_member (
    campaign_id VARCHAR(80) NOT NULL,
    ordinal BIGINT NOT NULL,
    contact VARCHAR(340) NOT NULL,
    address VARCHAR(340) NOT NULL,
    fields CHARACTER LARGE OBJECT NOT NULL,
    state VARCHAR(80) NOT NULL,
    round INTEGER NOT NULL,
    message_id VARCHAR(80),
    failure VARCHAR(80),
    PRIMARY KEY (campaign_id, ordinal),
    UNIQUE (campaign_id, contact)
);

CREATE INDEX crm_campaign_member_state ON crm_campaign_member (campaign_id, state, ordinal);

CREATE TABLE crm_campaign_event (
    campaign_id VARCHAR(80) NOT NULL,
    number INTEGER NOT NULL,
    at_us BIGINT NOT NULL,
    kind VARCHAR(80) NOT NULL,
    by_whom VARCHAR(500) NOT NULL,
    why VARCHAR(500) NOT NULL,
    PRIMARY KEY (campaign_id, number)
);
