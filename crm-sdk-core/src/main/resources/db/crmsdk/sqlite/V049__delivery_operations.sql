-- What people do to the outbox by hand, and what leaves it for the archive. All instants are epoch microseconds, UTC.

-- A delivery that somebody sent again is given up as if it were new: since when, and how many attempts had begun before.
ALTER TABLE crm_delivery ADD COLUMN renewed_us INTEGER;
ALTER TABLE crm_delivery ADD COLUMN renewed_attempts INTEGER;

-- A key outlives its message, so that a late repetition is still recognised: when the message was taken out.
ALTER TABLE crm_idempotency ADD COLUMN archived_us INTEGER;

-- How long the leases of a pool last, so that others know when its silence means something.
ALTER TABLE crm_delivery_node ADD COLUMN lease_us INTEGER;

-- A row here stops all claims of this store; there is none while it runs.
CREATE TABLE crm_delivery_pause (
    name TEXT NOT NULL PRIMARY KEY,
    since_us INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    why TEXT NOT NULL
);

-- Append only: who did what by hand, when and why.
CREATE TABLE crm_delivery_audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us INTEGER NOT NULL,
    action TEXT NOT NULL,
    delivery_id TEXT,
    state_before TEXT,
    state_after TEXT,
    by_whom TEXT NOT NULL,
    why TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE INDEX crm_delivery_audit_delivery ON crm_delivery_audit (delivery_id);
