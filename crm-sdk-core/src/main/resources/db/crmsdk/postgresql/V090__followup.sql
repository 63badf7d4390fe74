-- Follow-ups: what is due when, and what happened. All instants are epoch microseconds, UTC.
-- reference: name, version and shape of the definition, so that nobody works on what it does not know.
-- next_us: when an engine looks at it, beyond all time while it is held for a person or has ended; due_us: when it was due.
CREATE TABLE crm_followup (
    idem_key VARCHAR(150) COLLATE "C" NOT NULL PRIMARY KEY,
    params_hash VARCHAR(64) COLLATE "C" NOT NULL,
    definition VARCHAR(40) COLLATE "C" NOT NULL,
    version INTEGER NOT NULL,
    reference VARCHAR(80) COLLATE "C" NOT NULL,
    subject VARCHAR(200) NOT NULL,
    fields TEXT NOT NULL,
    zone_id VARCHAR(80) COLLATE "C" NOT NULL,
    gap_choice VARCHAR(16) COLLATE "C" NOT NULL,
    overlap_choice VARCHAR(16) COLLATE "C" NOT NULL,
    state VARCHAR(16) COLLATE "C" NOT NULL,
    step VARCHAR(40) COLLATE "C" NOT NULL,
    base_us BIGINT NOT NULL,
    due_us BIGINT NOT NULL,
    next_us BIGINT NOT NULL,
    provisional INTEGER NOT NULL,
    held VARCHAR(24) COLLATE "C",
    failures INTEGER NOT NULL,
    lease_us BIGINT NOT NULL,
    owner VARCHAR(80) COLLATE "C",
    fence BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    ended_us BIGINT
);

CREATE INDEX crm_followup_next ON crm_followup (next_us);

CREATE INDEX crm_followup_state ON crm_followup (state, due_us);

-- Append only.
CREATE TABLE crm_followup_event (
    followup_key VARCHAR(150) COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    at_us BIGINT NOT NULL,
    kind VARCHAR(16) COLLATE "C" NOT NULL,
    step VARCHAR(40) COLLATE "C" NOT NULL,
    due_us BIGINT NOT NULL,
    late INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    by_whom VARCHAR(100) NOT NULL,
    detail VARCHAR(500) NOT NULL,
    PRIMARY KEY (followup_key, number)
);
