-- Follow-ups: what is due when, and what happened. All instants are epoch microseconds, UTC.
-- reference: name, version and shape of the definition, so that nobody works on what it does not know.
-- next_us: when an engine looks at it, beyond all time while it is held for a person or has ended; due_us: when it was due.
CREATE TABLE crm_followup (
    idem_key TEXT NOT NULL PRIMARY KEY,
    params_hash TEXT NOT NULL,
    definition TEXT NOT NULL,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL,
    subject TEXT NOT NULL,
    fields TEXT NOT NULL,
    zone_id TEXT NOT NULL,
    gap_choice TEXT NOT NULL,
    overlap_choice TEXT NOT NULL,
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    base_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    next_us INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    held TEXT,
    failures INTEGER NOT NULL,
    lease_us INTEGER NOT NULL,
    owner TEXT,
    fence INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    ended_us INTEGER
);

CREATE INDEX crm_followup_next ON crm_followup (next_us);

CREATE INDEX crm_followup_state ON crm_followup (state, due_us);

-- Append only.
CREATE TABLE crm_followup_event (
    followup_key TEXT NOT NULL,
    number INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    step TEXT NOT NULL,
    due_us INTEGER NOT NULL,
    late INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (followup_key, number)
);
