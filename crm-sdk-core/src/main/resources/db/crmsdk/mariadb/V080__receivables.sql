-- What a system's books say of orders, invoices and payments. Documents and entries only grow; what is current is derived from them.
-- Amounts are exact decimals as text, since not every database has them. All instants are epoch microseconds, UTC.

-- One row a ledger: the row that each writer locks, and what the last reading found.
CREATE TABLE crm_receivable_ledger (
    ledger VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    seq BIGINT NOT NULL,
    reading BIGINT NOT NULL,
    checked_us BIGINT,
    differences LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    PRIMARY KEY (ledger)
) ENGINE = InnoDB;

-- Every state in which a document came, by its hash.
CREATE TABLE crm_receivable_document (
    ledger VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    doc VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    revision BIGINT NOT NULL,
    hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (ledger, kind, doc, revision)
) ENGINE = InnoDB;

-- The newest state of each document.
CREATE TABLE crm_receivable_current (
    ledger VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    doc VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    versioned BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    number VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    customer VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    currency VARCHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    amount VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    open_amount VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    type VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    status VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    orders LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (ledger, kind, doc)
) ENGINE = InnoDB;

-- Which document a number belongs to; each number counts once.
CREATE TABLE crm_receivable_number (
    ledger VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    number VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    doc VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (ledger, kind, number)
) ENGINE = InnoDB;

-- Which invoices bill an order, as the invoices say.
CREATE TABLE crm_receivable_billing (
    ledger VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    order_doc VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    invoice_doc VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (ledger, order_doc, invoice_doc)
) ENGINE = InnoDB;

-- What settles what. Never updated: a reversal or correction is an entry of its own.
CREATE TABLE crm_receivable_entry (
    ledger VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    seq BIGINT NOT NULL,
    payment VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    revision BIGINT NOT NULL,
    reason VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    target_kind VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    target VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    settlement VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    standing VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    currency VARCHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    amount VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (ledger, seq)
) ENGINE = InnoDB;

CREATE INDEX crm_receivable_entry_target ON crm_receivable_entry (ledger, target_kind, target);
CREATE INDEX crm_receivable_entry_payment ON crm_receivable_entry (ledger, payment);

-- Documents that contradict what was taken before, until a newer state of them is taken.
CREATE TABLE crm_receivable_refusal (
    ledger VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    kind VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    doc VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    revision BIGINT NOT NULL,
    code VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    message LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (ledger, kind, doc, revision, code)
) ENGINE = InnoDB;
