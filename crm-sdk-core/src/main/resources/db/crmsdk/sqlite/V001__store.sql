-- Facts about this store as a whole, one word a row.

CREATE TABLE crm_store (
    name TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL,
    changed_us INTEGER NOT NULL
) WITHOUT ROWID;
