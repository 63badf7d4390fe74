-- What a system's books say of orders, invoices and payments. Documents and entries only grow; what is current is derived from them.
-- Amounts are exact decimals as text, since not every database has them. All instants are epoch microseconds, UTC.

-- One row a ledger: the row that each writer locks, and what the last reading found.
CREATE TABLE crm_receivable_ledger (
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    reading INTEGER NOT NULL,
    checked_us INTEGER,
    differences TEXT,
    PRIMARY KEY (ledger)
);

-- Every state in which a document came, by its hash.
CREATE TABLE crm_receivable_document (
    ledger TEXT NOT NULL,
    kind TEXT NOT NULL,
    doc TEXT NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (ledger, kind, doc, revision)
);

-- The newest state of each document.
CREATE TABLE crm_receivable_current (
    ledger TEXT NOT NULL,
    kind TEXT NOT NULL,
    doc TEXT NOT NULL,
    versioned INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL,
    number TEXT,
    customer TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount TEXT,
    open_amount TEXT,
    type TEXT,
    status TEXT NOT NULL,
    orders TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (ledger, kind, doc)
);

-- Which document a number belongs to; each number counts once.
CREATE TABLE crm_receivable_number (
    ledger TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (ledger, kind, number)
);

-- Which invoices bill an order, as the invoices say.
CREATE TABLE crm_receivable_billing (
    ledger TEXT NOT NULL,
    order_doc TEXT NOT NULL,
    invoice_doc TEXT NOT NULL,
    PRIMARY KEY (ledger, order_doc, invoice_doc)
);

-- What settles what. Never updated: a reversal or correction is an entry of its own.
CREATE TABLE crm_receivable_entry (
    ledger TEXT NOT NULL,
    seq INTEGER NOT NULL,
    payment TEXT NOT NULL,
    revision INTEGER NOT NULL,
    reason TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target TEXT NOT NULL,
    settlement TEXT NOT NULL,
    standing TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (ledger, seq)
);

CREATE INDEX crm_receivable_entry_target ON crm_receivable_entry (ledger, target_kind, target);
CREATE INDEX crm_receivable_entry_payment ON crm_receivable_entry (ledger, payment);

-- Documents that contradict what was taken before, until a newer state of them is taken.
CREATE TABLE crm_receivable_refusal (
    ledger TEXT NOT NULL,
    kind TEXT NOT NULL,
    doc TEXT NOT NULL,
    revision INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (ledger, kind, doc, revision, code)
);
