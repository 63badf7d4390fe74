-- Consent ledger. All instants are epoch microseconds, UTC.
-- Events are only ever added. Keys are keyed hashes; an address stands in crm_consent_key alone, where erasure empties it.

-- One row: the end of the ledger. Whoever adds events locks it until the commit, so positions are gapless and in the order
-- of commits.
CREATE TABLE crm_consent_head (
    id INTEGER NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    last_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin,
    chain VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    stamp VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    incarnation BIGINT NOT NULL,
    held INTEGER NOT NULL,
    pepper_check VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    pepper VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
) ENGINE = InnoDB;

CREATE TABLE crm_consent_event (
    position BIGINT NOT NULL PRIMARY KEY,
    id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    content_hash VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    chain VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    stamp VARCHAR(25) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    recorded_us BIGINT NOT NULL,
    UNIQUE (id)
) ENGINE = InnoDB;

-- Which events touch a key; wide ones touch it as another address of its family.
CREATE TABLE crm_consent_entry (
    key_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    wide INTEGER NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (key_id, wide, position)
) ENGINE = InnoDB;

-- One row a key. The state is a function of the events, kept so that a decision reads one row; its seal ties it to the key.
CREATE TABLE crm_consent_key (
    key_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    state LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    seal VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    changed BIGINT NOT NULL,
    channel VARCHAR(90) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    address VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    family_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB;

CREATE INDEX crm_consent_key_changed ON crm_consent_key (changed);
CREATE INDEX crm_consent_key_family ON crm_consent_key (family_id);

-- Which customers a contact belongs to.
CREATE TABLE crm_consent_link (
    contact_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (contact_id, subject_id)
) ENGINE = InnoDB;

CREATE INDEX crm_consent_link_subject ON crm_consent_link (subject_id);

-- What proves an event. The event's text holds the digest; erasure removes the row.
CREATE TABLE crm_consent_evidence (
    position BIGINT NOT NULL PRIMARY KEY,
    salt VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    content LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE = InnoDB;

CREATE TABLE crm_consent_challenge (
    nonce VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    key_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    scope VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    frontier LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    begun_by VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    method VARCHAR(90) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    not_before_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    grant_expires_us BIGINT,
    signature VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB;

-- What was last seen of each address on each list of a tool that is asked for its state.
CREATE TABLE crm_consent_poll (
    list_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    key_id VARCHAR(33) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    refused INTEGER NOT NULL,
    version VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    transition BIGINT NOT NULL,
    PRIMARY KEY (list_id, key_id)
) ENGINE = InnoDB;

-- When the opt-outs of each connected tool were last taken over in full.
CREATE TABLE crm_consent_pull (
    source VARCHAR(90) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    pulled_us BIGINT NOT NULL
) ENGINE = InnoDB;
