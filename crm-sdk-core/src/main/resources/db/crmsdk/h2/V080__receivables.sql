-- What a system's books say of orders, invoices and payments. Documents and entries only grow; what is current is derived from them.
-- Amounts are exact decimals as text, since not every database has them. All instants are epoch microseconds, UTC.

-- One row a ledger: the row that each writer locks, and what the last reading found.
CREATE TABLE crm_receivable_ledger (
    ledger VARCHAR(64) NOT NULL,
    seq BIGINT NOT NULL,
    reading BIGINT NOT NULL,
    checked_us BIGINT,
    differences VARCHAR,
    PRIMARY KEY (ledger)
);

-- Every state in which a document came, by its hash.
CREATE TABLE crm_receivable_document (
    ledger VARCHAR(64) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    doc VARCHAR(320) NOT NULL,
    revision BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (ledger, kind, doc, revision)
);

-- The newest state of each document.
CREATE TABLE crm_receivable_current (
    ledger VARCHAR(64) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    doc VARCHAR(320) NOT NULL,
    versioned BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    number VARCHAR(40),
    customer VARCHAR(320) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    amount VARCHAR(64),
    open_amount VARCHAR(64),
    type VARCHAR(255),
    status VARCHAR(255) NOT NULL,
    orders VARCHAR NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (ledger, kind, doc)
);

-- Which document a number belongs to; each number counts once.
CREATE TABLE crm_receivable_number (
    ledger VARCHAR(64) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    number VARCHAR(40) NOT NULL,
    doc VARCHAR(320) NOT NULL,
    PRIMARY KEY (ledger, kind, number)
);

-- Which invoices bill an order, as the invoices say.
CREATE TABLE crm_receivable_billing (
    ledger VARCHAR(64) NOT NULL,
    order_doc VARCHAR(320) NOT NULL,
    invoice_doc VARCHAR(320) NOT NULL,
    PRIMARY KEY (ledger, order_doc, invoice_doc)
);

-- What settles what. Never updated: a reversal or correction is an entry of its own.
CREATE TABLE crm_receivable_entry (
    ledger VARCHAR(64) NOT NULL,
    seq BIGINT NOT NULL,
    payment VARCHAR(320) NOT NULL,
    revision BIGINT NOT NULL,
    reason VARCHAR(12) NOT NULL,
    target_kind VARCHAR(12) NOT NULL,
    target VARCHAR(320) NOT NULL,
    settlement VARCHAR(12) NOT NULL,
    standing VARCHAR(12) NOT NULL,
    currency VARCHAR(3) NOT NULL,
    amount VARCHAR(64) NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (ledger, seq)
);

CREATE INDEX crm_receivable_entry_target ON crm_receivable_entry (ledger, target_kind, target);
CREATE INDEX crm_receivable_entry_payment ON crm_receivable_entry (ledger, payment);

-- Documents that contradict what was taken before, until a newer state of them is taken.
CREATE TABLE crm_receivable_refusal (
    ledger VARCHAR(64) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    doc VARCHAR(320) NOT NULL,
    revision BIGINT NOT NULL,
    code VARCHAR(64) NOT NULL,
    message VARCHAR NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (ledger, kind, doc, revision, code)
);
