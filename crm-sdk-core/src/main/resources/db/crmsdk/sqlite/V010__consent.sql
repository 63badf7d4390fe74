-- Consent ledger. All instants are epoch microseconds, UTC.
-- Events are only ever added. Keys are keyed hashes; an address stands in crm_consent_key alone, where erasure empties it.

-- One row: the end of the ledger. Whoever adds events locks it until the commit, so positions are gapless and in the order
-- of commits.
CREATE TABLE crm_consent_head (
    id INTEGER NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    last_id TEXT,
    chain TEXT NOT NULL,
    stamp TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    held INTEGER NOT NULL,
    pepper_check TEXT NOT NULL,
    pepper TEXT
);

CREATE TABLE crm_consent_event (
    position INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    chain TEXT NOT NULL,
    stamp TEXT NOT NULL,
    recorded_us INTEGER NOT NULL,
    UNIQUE (id)
);

-- Which events touch a key; wide ones touch it as another address of its family.
CREATE TABLE crm_consent_entry (
    key_id TEXT NOT NULL,
    wide INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (key_id, wide, position)
) WITHOUT ROWID;

-- One row a key. The state is a function of the events, kept so that a decision reads one row; its seal ties it to the key.
CREATE TABLE crm_consent_key (
    key_id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    seal TEXT NOT NULL,
    changed INTEGER NOT NULL,
    channel TEXT NOT NULL,
    address TEXT,
    family_id TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX crm_consent_key_changed ON crm_consent_key (changed);
CREATE INDEX crm_consent_key_family ON crm_consent_key (family_id);

-- Which customers a contact belongs to.
CREATE TABLE crm_consent_link (
    contact_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    PRIMARY KEY (contact_id, subject_id)
) WITHOUT ROWID;

CREATE INDEX crm_consent_link_subject ON crm_consent_link (subject_id);

-- What proves an event. The event's text holds the digest; erasure removes the row.
CREATE TABLE crm_consent_evidence (
    position INTEGER NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL,
    content TEXT NOT NULL
);

CREATE TABLE crm_consent_challenge (
    nonce TEXT NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    frontier TEXT NOT NULL,
    begun_by TEXT NOT NULL,
    method TEXT NOT NULL,
    not_before_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    grant_expires_us INTEGER,
    signature TEXT NOT NULL
);

-- What was last seen of each address on each list of a tool that is asked for its state.
CREATE TABLE crm_consent_poll (
    list_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    refused INTEGER NOT NULL,
    version TEXT,
    transition INTEGER NOT NULL,
    PRIMARY KEY (list_id, key_id)
) WITHOUT ROWID;

-- When the opt-outs of each connected tool were last taken over in full.
CREATE TABLE crm_consent_pull (
    source TEXT NOT NULL PRIMARY KEY,
    pulled_us INTEGER NOT NULL
);
