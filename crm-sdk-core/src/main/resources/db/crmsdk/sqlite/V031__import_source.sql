-- Under which name the same rows were read first, so that a renamed copy of a sheet is the same source.
CREATE TABLE crm_import_source (
    fingerprint TEXT NOT NULL,
    source TEXT NOT NULL,
    first_us INTEGER NOT NULL,
    PRIMARY KEY (fingerprint)
);
